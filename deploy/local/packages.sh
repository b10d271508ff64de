#!/bin/sh
# Installs Debian packages, as root, and starts no service: packages.sh PACKAGE…
#
# While it runs a policy denies starting services, and PostgreSQL is told to make no cluster of its own; both are
# put back afterwards. Services that already run are left alone.
set -eu
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 LC_ALL=C.UTF-8

policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
# grep says "none" with a failure as well as with a 0: that is an answer here and no fault.
had_redis=$(dpkg-query -W -f '${Status}' redis-server 2>/dev/null | grep -c 'ok installed' || true)
had_nginx=$(dpkg-query -W -f '${Status}' nginx-common 2>/dev/null | grep -c 'ok installed' || true)

restore() {
    if [ -e "$policy.before" ]; then mv -f "$policy.before" "$policy"; else rm -f "$policy"; fi
    if [ -e "$clusters.before" ]; then
        mv -f "$clusters.before" "$clusters"
    elif [ -e /usr/share/postgresql-common/createcluster.conf ]; then
        cp /usr/share/postgresql-common/createcluster.conf "$clusters"
    else
        rm -f "$clusters"
    fi
}
trap restore EXIT
trap 'exit 130' INT TERM HUP

# A run that was killed may have left ours in place: then what was there before is already kept aside.
if [ -e "$policy" ] && ! grep -q 'denied by the set-up' "$policy"; then mv "$policy" "$policy.before"; fi
printf '#!/bin/sh\n# denied by the set-up of the school-impact map, which removes this file\nexit 101\n' >"$policy"
chmod 755 "$policy"
mkdir -p "$(dirname "$clusters")"
if [ -e "$clusters" ] && ! grep -q 'set by the set-up' "$clusters"; then mv "$clusters" "$clusters.before"; fi
printf '# set by the set-up of the school-impact map, which removes this file\ncreate_main_cluster = false\n' >"$clusters"

apt-get update -q
packages=
for wanted in "$@"; do
    if [ "$wanted" = postgis ]; then
        # Whichever PostgreSQL, 15 or newer, this release has PostGIS for.
        wanted=$(apt-cache search --names-only '^postgresql-[0-9]+-postgis-3$' | cut -d' ' -f1 |
            sort -t- -k2,2n | awk -F- '$2 >= 15' | tail -n 1)
        if [ -z "$wanted" ]; then
            echo "no PostgreSQL 15 or newer with PostGIS in this release's packages" >&2
            exit 3
        fi
    fi
    packages="$packages $wanted"
done
# shellcheck disable=SC2086 # a list of package names
apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 $packages

# What came with us should not start with the machine either: the site runs its own. Where the package brought no such
# unit there is nothing to switch off, so that a refusal of systemctl is no fault.
if [ -d /run/systemd/system ]; then
    if [ "$had_redis" = 0 ]; then systemctl disable --quiet redis-server.service 2>/dev/null || true; fi
    if [ "$had_nginx" = 0 ]; then systemctl disable --quiet nginx.service 2>/dev/null || true; fi
fi
