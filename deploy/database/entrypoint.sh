#!/bin/sh
# The database container: makes the cluster once, the roles at every start, then runs PostgreSQL as its own user.
# Reads the roles' passwords from /run/mapsite-secrets; nothing else needs to be set.
set -eu
bin=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data/pg
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/tmp LC_ALL=C.UTF-8 "$@"; }

install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data /run/mapsite-db
if [ ! -d "$data" ]; then
    rm -rf "$data.new"  # an initdb that was cut short
    as_postgres "$bin/initdb" -D "$data.new" -U postgres -E UTF8 --locale=C.UTF-8 --no-instructions \
        --auth=scram-sha-256 --auth-local=peer >/dev/null
    mv "$data.new" "$data"
fi
# The superuser only from inside this container; the four roles with their passwords from the private network.
printf 'local all postgres peer\nlocal all all scram-sha-256\nhost all all samenet scram-sha-256\n' >"$data/pg_hba.conf"

settings="-c unix_socket_directories=/run/mapsite-db -c timezone=UTC -c jit=off"
# As deploy/local/database.py: a failed statement, its message and its row quote what somebody typed.
settings="$settings -c log_min_error_statement=panic -c log_min_messages=log -c log_error_verbosity=terse"
# Roles are made while nobody else can connect, then the server starts again for everybody.
# shellcheck disable=SC2086 # a list of options
as_postgres "$bin/pg_ctl" -D "$data" -w -s -o "$settings -c listen_addresses=" start
MAPSITE_DB_OWNER=$(cat /run/mapsite-secrets/db-mapsite_owner)
MAPSITE_DB_PUBLIC=$(cat /run/mapsite-secrets/db-mapsite_public)
MAPSITE_DB_STAFF=$(cat /run/mapsite-secrets/db-mapsite_staff)
MAPSITE_DB_WORKER=$(cat /run/mapsite-secrets/db-mapsite_worker)
export MAPSITE_DB_OWNER MAPSITE_DB_PUBLIC MAPSITE_DB_STAFF MAPSITE_DB_WORKER
as_postgres "$bin/psql" -X -q -A -t -h /run/mapsite-db -U postgres -d postgres </opt/database/roles.sql
unset MAPSITE_DB_OWNER MAPSITE_DB_PUBLIC MAPSITE_DB_STAFF MAPSITE_DB_WORKER
as_postgres "$bin/pg_ctl" -D "$data" -w -s stop
# shellcheck disable=SC2086
exec setpriv --reuid=postgres --regid=postgres --init-groups env HOME=/tmp LC_ALL=C.UTF-8 \
    "$bin/postgres" -D "$data" $settings -c 'listen_addresses=*'
