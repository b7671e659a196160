-- "This is not that person": what the commands not-this-person, name and enrol-from do, and the search that knows of it.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- What people said of a visit holds for every message of it. An earlier word of the same person gives way.
create or replace function correct_visit() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    named uuid;
begin
    select i.id into named
    from facestream.sighting_correction c join facestream.identity i on i.id = c.identity_id
    where c.source = new.source and c.sighting_id = new.sighting_id and c.day = new.day and c.is_theirs;
    if named is not null then
        new.wants_shot := new.wants_shot or tg_op = 'UPDATE' and old.best ->> 'eventId' <> new.best ->> 'eventId';
        new.kind := 'person';
        new.identity_id := named;
        new.probability := null;
        new.reason := null;
    elsif new.identity_id is not null and exists (
        select from facestream.sighting_correction c
            join facestream.person w on w.id = c.identity_id
            join facestream.person p on p.current_id = w.current_id
        where c.source = new.source and c.sighting_id = new.sighting_id and c.day = new.day and not c.is_theirs
            and p.id = new.identity_id)
    then
        new.kind := 'unknown';
        new.identity_id := null;
        new.probability := null;
        new.reason := 'not-this-person';
    end if;
    return new;
end $$;

-- That vectors are those of all live versions. Otherwise they are to be computed again: SQLSTATE FS002.
create or replace function check_versions_are_live(versions text[]) returns void
    language plpgsql strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    if array(select v.version from facestream.model_version v
             where v.status in ('candidate', 'active', 'standby') order by 1)
        <> array(select v from unnest(versions) v order by 1)
    then
        raise exception 'model versions have changed: embed the face again' using errcode = 'FS002';
    end if;
end $$;

-- A visit's latest day: its id is unique per source.
create or replace function find_sighting(source text, sighting_id text) returns facestream.sighting
    language plpgsql stable strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    found facestream.sighting;
begin
    select * into found from facestream.sighting s
    where s.source = find_sighting.source and s.sighting_id = find_sighting.sighting_id
    order by s.day desc limit 1;
    if found.source is null then
        perform facestream.refuse('no-such-sighting', 'there is no such visit in the database, or not yet');
    end if;
    return found;
end $$;

-- Of whom a visit is, and the best view of it: the chip, where it is stored, and where it lies otherwise.
create or replace function best_shot(source text, sighting_id text,
    out identity_id uuid, out best jsonb, out chip bytea)
    language plpgsql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    visit facestream.sighting := facestream.find_sighting(source, sighting_id);
begin
    identity_id := (select p.current_id from facestream.person p where p.id = visit.identity_id);
    best := visit.best;
    select t.chip into chip from facestream.sighting_shot t
    where t.source = visit.source and t.sighting_id = visit.sighting_id and t.day = visit.day
        and t.event_id = visit.best ->> 'eventId';
end $$;

-- A face that is not that person's; returns the person. Of one person's negatives the latest 100 stay, so that a search
-- looks through few.
create or replace function add_negative(command uuid, who text, source text, event_id text, chip bytea,
    versions text[], vectors text[]) returns uuid
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    person uuid := facestream.find_person(who);
begin
    perform facestream.hold_people(array[person]);
    perform facestream.check_versions_are_live(versions);
    insert into facestream.negative (id, identity_id, source, event_id, chip)
    values (command, person, add_negative.source, add_negative.event_id, add_negative.chip)
    on conflict on constraint negative_identity_id_source_event_id_key do nothing;
    if found then
        insert into facestream.negative_embedding (model_version, identity_id, negative_id, embedding)
        select v.version, person, command, v.vector::vector from unnest(versions, vectors) v(version, vector);
        delete from facestream.negative g where g.id in (
            select n.id from facestream.negative n join facestream.person p on p.id = n.identity_id
            where p.current_id = person order by n.created_at desc, n.id offset 100);
        perform facestream.note_in_trail('not-this-person', person, jsonb_build_object(
            'source', add_negative.source, 'event', add_negative.event_id));
        perform nextval('facestream.gallery_revision');
    end if;
    return person;
end $$;

-- Negatives whose chips show people who are erased: those that are as near to them as the people's own faces.
create or replace function negatives_of(people uuid[]) returns uuid[]
    language sql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select array(
        select g.id from facestream.negative g where g.identity_id = any (people)
        union
        select e.negative_id
        from facestream.template t
            join facestream.model_version v on v.version = t.model_version
            join facestream.negative_embedding e on e.model_version = t.model_version
        where t.identity_id = any (people)
            and case when vector_dims(e.embedding) = vector_dims(t.embedding)
                     then (e.embedding <-> t.embedding) <= v.threshold else false end)
$$;

-- Negatives under a version, before its network is used: the chips that lack a vector, some at a time.
create or replace function negatives_missing_under(version text, after uuid)
    returns table (id uuid, chip bytea)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select g.id, g.chip from facestream.negative g
    where g.id > negatives_missing_under.after and not exists (
        select from facestream.negative_embedding e
        where e.negative_id = g.id and e.model_version = negatives_missing_under.version)
    order by g.id limit 64
$$;

-- Adds a vector under a version to a negative, unless it is gone meanwhile.
create or replace function add_negative_vector(version text, negative uuid, embedding vector) returns void
    language sql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    insert into facestream.negative_embedding (model_version, identity_id, negative_id, embedding)
    select add_negative_vector.version, p.current_id, g.id, add_negative_vector.embedding
    from facestream.negative g join facestream.person p on p.id = g.identity_id
    where g.id = add_negative_vector.negative
    for key share of g
    on conflict do nothing
$$;

-- Removes negatives that are kept no longer, and what was said of visits that are gone; returns how many negatives.
create or replace function expire_negatives(keep interval) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    removed bigint;
begin
    if keep < interval '0' then
        raise exception 'negatives are kept for 0 s at least' using errcode = 'invalid_parameter_value';
    end if;
    delete from facestream.negative g where g.created_at <= clock_timestamp() - keep;
    get diagnostics removed = row_count;
    if removed > 0 then
        perform nextval('facestream.gallery_revision');
    end if;
    delete from facestream.sighting_correction c where not exists (
        select from facestream.sighting s
        where s.source = c.source and s.sighting_id = c.sighting_id and s.day = c.day);
    return removed;
end $$;

revoke all on function check_versions_are_live(text[]), find_sighting(text, text), best_shot(text, text),
    add_negative(uuid, text, text, text, bytea, text[], text[]), negatives_of(uuid[]),
    negatives_missing_under(text, uuid), add_negative_vector(text, uuid, vector), expire_negatives(interval)
    from public;
grant execute on function best_shot(text, text), add_negative(uuid, text, text, text, bytea, text[], text[]),
    expire_negatives(interval) to facestream_curation;
grant execute on function negatives_missing_under(text, uuid), add_negative_vector(text, uuid, vector)
    to facestream_training;
grant select on negative_embedding to facestream_matching;
