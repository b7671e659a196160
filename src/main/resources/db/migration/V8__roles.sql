-- What each role of the service needs in the database, and nothing else, as group roles that nobody logs in as. The user that a
-- process logs in as is made a member by whoever makes it:
--   create role matching_of_site_a login password '...' in role facestream_matching;
-- One that has several roles is a member of several. None of them owns a table.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['facestream_embedding', 'facestream_matching', 'facestream_enrolment', 'facestream_training'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            execute format('create role %I nologin', wanted);
        end if;
    end loop;
exception when insufficient_privilege then
    raise exception '% may not create roles: run "create role facestream_embedding; create role facestream_matching; '
        'create role facestream_enrolment; create role facestream_training;" as superuser, then migrate again', current_user;
end $$;

grant usage on schema facestream
    to facestream_embedding, facestream_matching, facestream_enrolment, facestream_training;

-- All of them: is the schema that of this build? Which networks are there?
grant select on flyway_schema_history, model_version
    to facestream_embedding, facestream_matching, facestream_enrolment, facestream_training;

-- embedding: the active network
grant select on model_weights to facestream_embedding;

-- matching: the nearest templates, whose they are, and how alike the gallery's people are
grant select on template, gallery_measure, gallery_revision to facestream_matching;
grant select (id, name) on identity to facestream_matching;

-- enrolment: embeds a photo under every live version, and keeps it with its person
grant select on model_weights, erasure to facestream_enrolment;
grant select, insert, update on identity, face_sample, template to facestream_enrolment;
grant select, insert on face_embedding to facestream_enrolment;
grant select, insert, update, delete on gallery_measure to facestream_enrolment;
grant select, usage on gallery_revision to facestream_enrolment;
grant execute on function compute_templates(uuid[], text), measure_gallery(text), false_match_distance(text, float8)
    to facestream_enrolment;

-- training: reads photos, adds versions, embeds the gallery under them, switches between them, keeps its commands
grant insert, update on model_version to facestream_training;
grant select, insert on model_weights, face_embedding, training_person to facestream_training;
grant select, insert, update on template, training_command to facestream_training;
grant select, insert, delete on training_checkpoint to facestream_training;
grant select on face_sample, erasure, gallery_revision to facestream_training;
grant select, update (updated_at) on identity to facestream_training; -- the update is for the lock alone
grant select, insert, update, delete on gallery_measure to facestream_training;
grant execute on function create_model_partitions(text, int), attach_model_partitions(text), compute_templates(uuid[], text),
    missing_under(text), measure_gallery(text), false_match_distance(text, float8)
    to facestream_training;
