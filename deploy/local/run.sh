#!/bin/sh
# Runs `deploy.local` with the first Python that is new enough.
cd "$(dirname "$0")/../.." || exit 2
for python in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -m deploy.local "$@"
    fi
done
echo "Python 3.11 or newer is missing; install it with: apt-get install python3 python3-venv" >&2
exit 2
