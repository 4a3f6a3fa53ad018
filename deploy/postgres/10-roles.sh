#!/bin/sh
# One role and one database for each service; a role can connect to its own database and to no other. A role for the
# Prometheus exporter, which sees figures and no rows. Run by the image when the data folder is new, and by hand after a
# password was renewed; it may be repeated.
set -eu
export PGOPTIONS="--client-min-messages=warning"

sql() { psql --no-psqlrc --quiet --username postgres --dbname postgres --set ON_ERROR_STOP=1 --set "name=$NAME"; }

for NAME in registry assessment certificates creditbank notifications monitoring; do
    export NAME
    # The password is read by psql itself, so that it stands in no list of processes.
    sql <<'SQL'
\set password `cat "/run/secrets/database_password_$NAME"`
SELECT format('CREATE ROLE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'password';
SQL
    [ "$NAME" = monitoring ] && continue
    sql <<'SQL'
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done

NAME=monitoring
sql <<'SQL'
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
GRANT pg_monitor TO monitoring;
GRANT CONNECT ON DATABASE postgres TO monitoring;
SQL
