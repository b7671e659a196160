-- What leaves the gallery as an archive and comes back from one, and all that is held of one person. Whoever takes
-- people or photos out leaves a row in the audit trail.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- Whom to export: somebody with everybody who was merged into them; null for all. Of strangers those who turned out to
-- be a person, and all others where they are asked for.
drop function if exists exported(uuid);
create or replace function exported(person uuid, strangers boolean) returns setof uuid
    language plpgsql stable
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    people uuid[] := facestream.one_with(array[person]);
begin
    return query
        select i.id from facestream.identity i left join facestream.identity m on m.id = i.merged_into
        where case when person is null then strangers or 'person' in (i.kind, m.kind) else i.id = any (people) end;
end $$;

-- People, those first into whom others were merged. Whoever has no name is a stranger.
drop function if exists export_people(uuid);
create or replace function export_people(person uuid, strangers boolean) returns setof jsonb
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'export', (select facestream.trail_name(i.name) from facestream.identity i where i.id = person),
           jsonb_strip_nulls(jsonb_build_object('people', (select count(*) from facestream.exported(person, strangers)),
               'stranger', (select i.id from facestream.identity i where i.id = person and i.kind = 'stranger')));
    return query
        select jsonb_strip_nulls(jsonb_build_object('id', i.id, 'name', i.name, 'createdAt', i.created_at,
            'mergedInto', i.merged_into, 'ignored', i.ignored, 'metadata', i.metadata,
            'tags', array(select t.tag from facestream.identity_tag t where t.identity_id = i.id order by 1),
            'formerNames', array(select a.name from facestream.identity_alias a where a.identity_id = i.id order by 1),
            'keptAt', s.kept_at, 'expiresAt', s.expires_at))
        from facestream.identity i
            left join facestream.stranger s on s.identity_id = i.id and i.kind = 'stranger'
        where i.id in (select facestream.exported(person, strangers))
        order by i.merged_into is not null, i.id;
end $$;

-- Photos by id, from there on, with their pictures; those of strangers are their chips. Vectors only where they are
-- asked for.
drop function if exists export_photos(uuid, uuid, int, boolean);
create or replace function export_photos(person uuid, strangers boolean, after uuid, at_most int, vectors boolean)
    returns table (id uuid, photo jsonb, chip bytea)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'export', (select facestream.trail_name(i.name) from facestream.identity i where i.id = person),
           jsonb_build_object('photos_after', after, 'at_most', at_most);
    return query
        select p.id,
               jsonb_strip_nulls(jsonb_build_object('id', p.id, 'person', p.identity_id,
                   'sha256', encode(p.sha256, 'hex'), 'enrolled', p.enrolled, 'quality', p.quality,
                   'topic', p.source_topic, 'partition', p.source_partition, 'offset', p.source_offset,
                   'createdAt', p.created_at,
                   'vectors', case when vectors then (
                       select jsonb_agg(jsonb_build_object('version', e.model_version, 'norm', e.norm,
                           'values', e.embedding::text::jsonb) order by e.model_version)
                       from (select f.model_version, f.sample_id, f.embedding, f.norm from facestream.face_embedding f
                             union all
                             select f.model_version, f.chip_id, f.embedding, f.norm
                             from facestream.stranger_embedding f) e
                       where e.sample_id = p.id) end)),
               p.chip
        from (select s.id, s.identity_id, s.sha256, s.enrolled, s.quality, s.source_topic, s.source_partition,
                     s.source_offset, s.created_at, s.chip
              from facestream.face_sample s
              union all
              select c.id, c.identity_id, c.sha256, true, c.quality, c.source_topic, c.source_partition,
                     c.source_offset, c.created_at, c.chip
              from facestream.stranger_chip c) p
        where p.id > after and p.identity_id in (select facestream.exported(person, strangers))
        order by p.id limit at_most;
end $$;

-- Faces that were said not to be somebody's who is exported, by id, from there on, with their chips.
drop function if exists export_negatives(uuid, int, boolean);
create or replace function export_negatives(strangers boolean, after uuid, at_most int, vectors boolean)
    returns table (id uuid, negative jsonb, chip bytea)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
begin
    insert into facestream.audit_trail (action, detail)
    values ('export', jsonb_build_object('negatives_after', after, 'at_most', at_most));
    return query
        select g.id,
               jsonb_strip_nulls(jsonb_build_object('id', g.id, 'person', g.identity_id, 'source', g.source,
                   'eventId', g.event_id, 'createdAt', g.created_at,
                   'vectors', case when vectors then (
                       select jsonb_agg(jsonb_build_object('version', e.model_version,
                           'values', e.embedding::text::jsonb) order by e.model_version)
                       from facestream.negative_embedding e where e.negative_id = g.id) end)),
               g.chip
        from facestream.negative g
        where g.id > after and g.identity_id in (select facestream.exported(null, strangers))
        order by g.id limit at_most;
end $$;

-- What else is held of a person or a stranger, a row each: every name that they have had, visits and what people said
-- of them, shots, alerts, rules of alerts that name them, templates, strangers who are this person, negatives, former
-- states that can be undone, trainings, and rows of the audit trail. A negative has its picture only where it shows the
-- person: else it shows somebody else. Where a row is of somebody else too, that one's id is null.
create or replace function export_traces(person uuid) returns table (kind text, trace jsonb, picture bytea)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    people uuid[] := facestream.one_with(array[person]);
    names text[] := array(
        select i.name from facestream.identity i where i.id = any (people) and i.name is not null
        union select a.name from facestream.identity_alias a where a.identity_id = any (people)
        union select h.name from facestream.identity_name h
        where h.identity_id = any (people) and not facestream.is_name_of_others(h.name, people));
    hmacs bytea[] := array(select facestream.trail_name(n) from unnest(names) n);
    shown uuid[] := facestream.negatives_showing(people);
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'export', facestream.trail_name(i.name), '{"traces": true}' from facestream.identity i where i.id = person;
    return query select 'name', jsonb_build_object('name', h.name), null::bytea
        from facestream.identity_name h where h.identity_id = any (people) order by h.name;
    return query select 'visit', to_jsonb(s), null::bytea
        from facestream.sighting s where s.identity_id = any (people) order by s.first_seen;
    return query select 'correction', to_jsonb(c) || jsonb_build_object(
            'identity_id', case when c.identity_id = any (people) then c.identity_id end,
            'former_id', case when c.former_id = any (people) then c.former_id end), null::bytea
        from facestream.sighting_correction c
        where c.identity_id = any (people) or c.former_id = any (people) order by c.created_at;
    return query select 'shot', to_jsonb(t) - 'chip', t.chip
        from facestream.sighting_shot t where t.identity_id = any (people) order by t.appended_at;
    return query select 'alert', to_jsonb(o) || jsonb_build_object(
            'identity_id', case when o.identity_id = any (people) then o.identity_id end,
            'subject', case when o.identity_id = any (people) then o.subject end,
            'supersedes_id', case when o.supersedes_id = any (people) then o.supersedes_id end), null::bytea
        from facestream.alert_outbox o
        where o.identity_id = any (people) or o.supersedes_id = any (people) order by o.stored_at;
    return query select 'alert-rule', jsonb_build_object('rule', r.name, 'cameras', r.cameras, 'spans', r.spans,
            'zone', r.zone, 'targets', r.targets, 'updatedAt', r.updated_at), null::bytea
        from facestream.alert_rule r
        where r.name in (select p.rule from facestream.alert_rule_person p where p.identity_id = any (people))
        order by r.name;
    return query select 'template', jsonb_build_object('version', t.model_version, 'photos', t.samples,
            'updatedAt', t.updated_at), null::bytea
        from facestream.template t where t.identity_id = any (people) order by t.model_version;
    return query select 'template', jsonb_build_object('version', t.model_version, 'photos', t.chips,
            'updatedAt', t.updated_at), null::bytea
        from facestream.stranger_template t where t.identity_id = any (people) order by t.model_version;
    return query select 'stranger', jsonb_strip_nulls(jsonb_build_object('id', i.id, 'keptAt', s.kept_at,
            'expiresAt', s.expires_at, 'visits', (
                select jsonb_agg(jsonb_build_object('source', v.source, 'sightingId', v.sighting_id)
                                 order by v.created_at)
                from facestream.stranger_visit v where v.identity_id = i.id))), null::bytea
        from facestream.identity i left join facestream.stranger s on s.identity_id = i.id
        where i.id = any (people)
            and (i.kind = 'stranger' or s.identity_id is not null
                 or exists (select from facestream.stranger_visit v where v.identity_id = i.id))
        order by i.id;
    return query select 'negative', jsonb_build_object('id', g.id, 'source', g.source, 'eventId', g.event_id,
            'createdAt', g.created_at, 'isSaidNotToBeThem', g.identity_id = any (people),
            'looksLikeThem', g.id = any (shown)), case when g.id = any (shown) then g.chip end
        from facestream.negative g where g.id = any (facestream.negatives_of(people)) order by g.created_at, g.id;
    return query select 'undo', to_jsonb(u) || jsonb_build_object(
            'identity_id', case when u.identity_id = any (people) then u.identity_id end,
            'previous', case when u.previous = any (people) then u.previous end), null::bytea
        from facestream.gallery_undo u where u.identity_id = any (people) or u.previous = any (people);
    return query select 'training', jsonb_build_object('command', c.id, 'versions',
            array(select v.version from facestream.model_version v where v.training_command = c.id)), null::bytea
        from facestream.training_command c
        where exists (select from facestream.training_person p
                      where p.command_id = c.id and p.name_hmac = any (hmacs))
            or jsonb_typeof(c.command -> 'people') = 'array'
                and exists (select from jsonb_array_elements_text(c.command -> 'people') n
                            where facestream.plain_name(n) = any (names))
        order by c.id;
    return query select 'audit', to_jsonb(a) - 'name_hmac', null::bytea
        from facestream.audit_trail a
        where a.name_hmac = any (hmacs) or a.detail ->> 'stranger' = any (people::text[]) order by a.id;
end $$;

-- Keeps erasures, promotions and retirements away until the transaction ends.
create or replace function begin_import() returns void
    language sql
    set search_path = pg_catalog, pg_temp
as $$
    select pg_advisory_xact_lock_shared(7377286951989441133)
$$;

-- Adds a person or a stranger as export_people has it. False if that one was erased.
create or replace function import_person(person jsonb) returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    added constant uuid := person ->> 'id';
    called constant text := person ->> 'name'; -- null for a stranger
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
    values (added, case when called is null then 'stranger' else 'person' end, called, person -> 'metadata', since,
            (person ->> 'ignored')::boolean, (person ->> 'mergedInto')::uuid);
    insert into facestream.identity_alias (name, identity_id) select n, added from unnest(former) n;
    insert into facestream.identity_tag (identity_id, tag)
    select added, t from jsonb_array_elements_text(person -> 'tags') t;
    insert into facestream.stranger (identity_id, kept_at, expires_at)
    select added, (person ->> 'keptAt')::timestamptz, (person ->> 'expiresAt')::timestamptz
    where person ->> 'expiresAt' is not null;
    perform facestream.note_in_trail('import', added,
        case when called is null then jsonb_build_object('stranger', added) else '{}' end);
    return true;
end $$;

-- Adds photos as export_photos has them, with vectors under every live version.
create or replace function import_photo(photo jsonb, chip bytea, vectors jsonb) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    is_stranger boolean := exists (select from facestream.identity i
                                   where i.id = (photo ->> 'person')::uuid and i.kind = 'stranger');
begin
    if is_stranger then
        insert into facestream.stranger_chip (id, identity_id, sha256, chip, quality, source_topic, source_partition,
            source_offset, created_at)
        values ((photo ->> 'id')::uuid, (photo ->> 'person')::uuid, decode(photo ->> 'sha256', 'hex'),
            import_photo.chip, photo -> 'quality', photo ->> 'topic', (photo ->> 'partition')::int,
            (photo ->> 'offset')::bigint, (photo ->> 'createdAt')::timestamptz);
        insert into facestream.stranger_embedding (model_version, chip_id, embedding, norm)
        select v ->> 'version', (photo ->> 'id')::uuid, (v -> 'values')::text::vector, (v ->> 'norm')::real
        from jsonb_array_elements(vectors) v;
        return;
    end if;
    insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,
        source_partition, source_offset, created_at)
    values ((photo ->> 'id')::uuid, (photo ->> 'person')::uuid, decode(photo ->> 'sha256', 'hex'), import_photo.chip,
        (photo ->> 'enrolled')::boolean, photo -> 'quality', photo ->> 'topic', (photo ->> 'partition')::int,
        (photo ->> 'offset')::bigint, (photo ->> 'createdAt')::timestamptz);
    insert into facestream.face_embedding (model_version, sample_id, embedding, norm)
    select v ->> 'version', (photo ->> 'id')::uuid, (v -> 'values')::text::vector, (v ->> 'norm')::real
    from jsonb_array_elements(vectors) v;
end $$;

-- Adds a negative as export_negatives has it, with vectors under every live version. False if it was erased, with the
-- person or with whom it shows.
create or replace function import_negative(negative jsonb, chip bytea, vectors jsonb) returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    added constant uuid := negative ->> 'id';
begin
    if exists (select from facestream.erased_identity e where e.id = added) then
        return false;
    end if;
    insert into facestream.negative (id, identity_id, source, event_id, chip, created_at)
    values (added, (negative ->> 'person')::uuid, negative ->> 'source', negative ->> 'eventId', import_negative.chip,
        (negative ->> 'createdAt')::timestamptz);
    insert into facestream.negative_embedding (model_version, identity_id, negative_id, embedding)
    select v ->> 'version', p.current_id, added, (v -> 'values')::text::vector
    from jsonb_array_elements(vectors) v, facestream.anybody p where p.id = (negative ->> 'person')::uuid;
    return true;
end $$;

-- Completes what was added: templates, and a new revision of the gallery. Strangers whose time is up do not stay.
create or replace function end_import(people uuid[]) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    perform facestream.compute_templates(people);
    perform facestream.compute_stranger_templates(people);
    perform facestream.expire_strangers(cardinality(people));
    perform nextval('facestream.gallery_revision');
end $$;

revoke all on function exported(uuid, boolean), export_people(uuid, boolean),
    export_photos(uuid, boolean, uuid, int, boolean), export_negatives(boolean, uuid, int, boolean),
    export_traces(uuid), begin_import(), import_person(jsonb), import_photo(jsonb, bytea, jsonb), import_negative(jsonb, bytea, jsonb),
    end_import(uuid[]) from public;
