import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapsite.settings")
    django.setup()
    from bench.run import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
