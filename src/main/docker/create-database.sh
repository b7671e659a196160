#!/usr/bin/env bash
#
# Run once by the database's image, as its superuser and through its socket: makes the database and the role that FaceStream logs in
# as, which is no superuser. The superuser loses its password, so that nobody can be it over the network.
set -euo pipefail

# The image's entrypoint has read POSTGRES_PASSWORD_FILE into POSTGRES_PASSWORD, and unset it. psql takes it from there itself: as an
# argument it would be seen by `ps`.
psql -v ON_ERROR_STOP=1 --no-psqlrc --username postgres --dbname postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
create role facestream login createrole password :'password';
create database facestream owner facestream;
alter role postgres password null;
\connect facestream
create extension vector;
SQL
