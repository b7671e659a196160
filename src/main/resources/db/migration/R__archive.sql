-- What leaves the gallery as an archive and comes back from one, and all that is held of one person. Whoever takes
-- people or photos out leaves a row in the audit trail.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- Whom to export: somebody with everybody who was merged into them; null for all.
create or replace function exported(person uuid) returns setof uuid
    language plpgsql stable
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    people uuid[] := facestream.one_with(array[person]);
begin
    return query
        select i.id from facestream.identity i where i.kind = 'person' and (person is null or i.id = any (people));
end $$;

-- People, those first into whom others were merged.
create or replace function export_people(person uuid) returns setof jsonb
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'export', (select facestream.trail_name(i.name) from facestream.identity i where i.id = person),
           jsonb_build_object('people', (select count(*) from facestream.exported(person)));
    return query
        select jsonb_strip_nulls(jsonb_build_object('id', i.id, 'name', i.name, 'createdAt', i.created_at,
            'mergedInto', i.merged_into, 'ignored', i.ignored, 'metadata', i.metadata,
            'tags', array(select t.tag from facestream.identity_tag t where t.identity_id = i.id order by 1),
            'formerNames', array(select a.name from facestream.identity_alias a where a.identity_id = i.id order by 1)))
        from facestream.identity i where i.id in (select facestream.exported(person))
        order by i.merged_into is not null, i.id;
end $$;

-- Photos by id, from there on, with their pictures. Vectors only where they are asked for.
create or replace function export_photos(person uuid, after uuid, at_most int, vectors boolean)
    returns table (photo jsonb, chip bytea)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'export', (select facestream.trail_name(i.name) from facestream.identity i where i.id = person),
           jsonb_build_object('photos_after', after, 'at_most', at_most);
    return query
        select jsonb_strip_nulls(jsonb_build_object('id', s.id, 'person', s.identity_id,
                   'sha256', encode(s.sha256, 'hex'), 'enrolled', s.enrolled, 'quality', s.quality,
                   'topic', s.source_topic, 'partition', s.source_partition, 'offset', s.source_offset,
                   'createdAt', s.created_at,
                   'vectors', case when vectors then (
                       select jsonb_agg(jsonb_build_object('version', e.model_version, 'norm', e.norm,
                           'values', e.embedding::text::jsonb) order by e.model_version)
                       from facestream.face_embedding e where e.sample_id = s.id) end)),
               s.chip
        from facestream.face_sample s
        where s.id > after and s.identity_id in (select facestream.exported(person))
        order by s.id limit at_most;
end $$;

-- What else is held of a person, a row each: visits, shots, alerts, trainings, and rows of the audit trail.
create or replace function export_traces(person uuid) returns table (kind text, trace jsonb, picture bytea)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    people uuid[] := facestream.one_with(array[person]);
    hmacs bytea[] := array(
        select facestream.trail_name(n) from (
            select i.name from facestream.identity i where i.id = any (people)
            union select a.name from facestream.identity_alias a where a.identity_id = any (people)) k(n));
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'export', facestream.trail_name(i.name), '{"traces": true}' from facestream.identity i where i.id = person;
    return query select 'visit', to_jsonb(s), null::bytea
        from facestream.sighting s where s.identity_id = any (people) order by s.first_seen;
    return query select 'shot', to_jsonb(t) - 'chip', t.chip
        from facestream.sighting_shot t where t.identity_id = any (people) order by t.appended_at;
    return query select 'alert', to_jsonb(o), null::bytea
        from facestream.alert_outbox o where o.identity_id = any (people) order by o.stored_at;
    return query select 'template', jsonb_build_object('version', t.model_version, 'photos', t.samples,
            'updatedAt', t.updated_at), null::bytea
        from facestream.template t where t.identity_id = any (people) order by t.model_version;
    return query select 'training', jsonb_build_object('command', p.command_id, 'versions',
            array(select v.version from facestream.model_version v where v.training_command = p.command_id)), null::bytea
        from facestream.training_person p where p.name_hmac = any (hmacs);
    return query select 'audit', to_jsonb(a) - 'name_hmac', null::bytea
        from facestream.audit_trail a where a.name_hmac = any (hmacs) order by a.id;
end $$;

-- Keeps erasures, promotions and retirements away until the transaction ends.
create or replace function begin_import() returns void
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select pg_advisory_xact_lock_shared(7377286951989441133)
$$;

-- Adds a person as export_people has it. False if that person was erased.
create or replace function import_person(person jsonb) returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    added constant uuid := person ->> 'id';
    called constant text := person ->> 'name';
    former text[] := array(select jsonb_array_elements_text(person -> 'formerNames'));
    since constant timestamptz := person ->> 'createdAt';
begin
    if exists (select from facestream.erased_identity e where e.id = added)
        or exists (select from unnest(former || called) n
                   where facestream.fenced(sha256(convert_to(normalize(n, nfc), 'UTF8'))) >= since)
    then
        return false;
    end if;
    if exists (select from facestream.identity i where i.id = added) then
        perform facestream.refuse('exists', format('%s is in the gallery already', added));
    end if;
    perform facestream.check_name_is_free(called);
    if exists (select from facestream.identity_alias a where a.name = any (former || called)) then
        perform facestream.refuse('name-taken', format('somebody had a name of %s before', added));
    end if;
    insert into facestream.identity (id, kind, name, metadata, created_at, ignored, merged_into)
    values (added, 'person', called, person -> 'metadata', since, (person ->> 'ignored')::boolean,
            (person ->> 'mergedInto')::uuid);
    insert into facestream.identity_alias (name, identity_id) select n, added from unnest(former) n;
    insert into facestream.identity_tag (identity_id, tag)
    select added, t from jsonb_array_elements_text(person -> 'tags') t;
    perform facestream.note_in_trail('import', added);
    return true;
end $$;

-- Adds photos as export_photos has them, with vectors under every live version.
create or replace function import_photo(photo jsonb, chip bytea, vectors jsonb) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,
        source_partition, source_offset, created_at)
    values ((photo ->> 'id')::uuid, (photo ->> 'person')::uuid, decode(photo ->> 'sha256', 'hex'), import_photo.chip,
        (photo ->> 'enrolled')::boolean, photo -> 'quality', photo ->> 'topic', (photo ->> 'partition')::int,
        (photo ->> 'offset')::bigint, (photo ->> 'createdAt')::timestamptz);
    insert into facestream.face_embedding (model_version, sample_id, embedding, norm)
    select v ->> 'version', (photo ->> 'id')::uuid, (v -> 'values')::text::vector, (v ->> 'norm')::real
    from jsonb_array_elements(vectors) v;
end $$;

-- Completes what was added: templates, and a new revision of the gallery.
create or replace function end_import(people uuid[]) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    perform facestream.compute_templates(people);
    perform nextval('facestream.gallery_revision');
end $$;

revoke all on function exported(uuid), export_people(uuid), export_photos(uuid, uuid, int, boolean),
    export_traces(uuid), begin_import(), import_person(jsonb), import_photo(jsonb, bytea, jsonb), end_import(uuid[])
    from public;
