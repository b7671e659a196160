#!/usr/bin/env bash
#
# Run once by the database's image, as its superuser and through its socket: makes the database and the role that FaceStream logs in
# as, which is no superuser. The superuser loses its password, so that nobody can be it over the network.
set -euo pipefail

# psql reads the secret itself: as an argument it would be seen by `ps`
psql -v ON_ERROR_STOP=1 --no-psqlrc --username postgres --dbname postgres <<'SQL'
\set password `cat "$POSTGRES_PASSWORD_FILE"`
create role facestream login createrole password :'password';
create database facestream owner facestream;
alter role postgres password null;
\connect facestream
create extension vector;
SQL
