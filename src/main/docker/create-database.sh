#!/usr/bin/env bash
#
# Run once by the database's image, as its superuser and through its socket. Makes the database; the role `facestream`,
# which owns it, and which migrates it; the group roles that the migrations grant rights to; and `facestream_service`, a
# member of those that services need, which owns nothing. The superuser loses its password, so that nobody can be it
# over the network.
#
# The owner may not create roles: up to PostgreSQL 15, who may is nearly superuser. Whoever it is could make itself a
# member of pg_execute_server_program, and run programs as the server's user.
set -euo pipefail

# The image's entrypoint has read POSTGRES_PASSWORD_FILE into POSTGRES_PASSWORD, and unset it; it knows of no second
# password. psql takes both from the environment itself: as arguments they would be seen by `ps`.
SERVICE_PASSWORD=$(< "$SERVICE_PASSWORD_FILE")
if [[ -z $SERVICE_PASSWORD ]]; then
    echo "$SERVICE_PASSWORD_FILE is empty: it is to hold the password of facestream_service" >&2
    exit 1
fi
export SERVICE_PASSWORD

# The roles come last, and all at once: where facestream_service is, nothing is missing, and the health check asks for
# it.
psql -v ON_ERROR_STOP=1 --no-psqlrc --username postgres --dbname postgres <<'SQL'
\getenv password POSTGRES_PASSWORD
\getenv service_password SERVICE_PASSWORD
create role facestream login password :'password';
create database facestream owner facestream;
alter role postgres password null;
\connect facestream
create extension vector;
begin;
create role facestream_reader;
create role facestream_embedding;
create role facestream_matching;
create role facestream_sightings;
create role facestream_alerts;
create role facestream_enrolment;
create role facestream_curation;
create role facestream_training;
create role facestream_web;
create role facestream_service login password :'service_password'
    in role facestream_embedding, facestream_matching, facestream_sightings, facestream_alerts, facestream_enrolment,
        facestream_curation, facestream_training, facestream_web;
commit;
SQL
