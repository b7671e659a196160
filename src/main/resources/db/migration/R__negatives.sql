-- "This is not that person": what the commands not-this-person, name and enrol-from do, and the search that knows of
-- it.
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

-- A visit is not that person's, whatever its messages say; what was said of it before gives way.
create or replace function deny_visit(command uuid, source text, sighting_id text, person uuid) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    visit facestream.sighting := facestream.find_sighting(source, sighting_id);
    former uuid := (select p.id from facestream.person p
                    where p.id = visit.identity_id and p.current_id = deny_visit.person);
begin
    delete from facestream.sighting_correction c using facestream.person p
    where c.source = visit.source and c.sighting_id = visit.sighting_id and c.day = visit.day and c.is_theirs
        and p.id = c.identity_id and p.current_id = deny_visit.person;
    insert into facestream.sighting_correction (source, sighting_id, day, identity_id, is_theirs, former_id, command_id)
    values (visit.source, visit.sighting_id, visit.day, deny_visit.person, false, former, command)
    on conflict on constraint sighting_correction_pkey do update
        set former_id = excluded.former_id, command_id = excluded.command_id
        where excluded.former_id is not null;
    -- correct_visit sees to the rest
    update facestream.sighting s set identity_id = s.identity_id
    where s.source = visit.source and s.sighting_id = visit.sighting_id and s.day = visit.day
        and s.identity_id is not null;
end $$;

-- Takes not-this-person back: the face counts no longer, and the visit is again whose it was.
create or replace function undo_denial(target uuid) returns uuid
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    person uuid;
    denied facestream.sighting_correction;
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    delete from facestream.negative g where g.id = target returning g.identity_id into person;
    delete from facestream.sighting_correction c where c.command_id = target and not c.is_theirs
    returning * into denied;
    if person is null and denied.identity_id is null then
        perform facestream.refuse('erased', 'whom it was about was erased, or it was too long ago');
    end if;
    update facestream.sighting s set identity_id = denied.former_id, kind = 'person', reason = null
    where s.source = denied.source and s.sighting_id = denied.sighting_id and s.day = denied.day
        and s.identity_id is null and denied.former_id is not null;
    return (select p.current_id from facestream.person p where p.id = coalesce(person, denied.identity_id));
end $$;

-- A person who is there, or a new one of that name, kept as they are until the transaction ends.
create or replace function find_or_make_person(into_whom text, name text) returns uuid
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    person uuid := case when into_whom is null then facestream.create_person(find_or_make_person.name)
                        else facestream.find_person(into_whom) end;
begin
    perform facestream.hold_people(array[person]);
    return person;
end $$;

-- A visit of somebody unknown is a person's, whatever its messages say; the best shot stays with it.
create or replace function name_visit(command uuid, source text, sighting_id text, into_whom text, name text)
    returns uuid
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    visit facestream.sighting := facestream.find_sighting(source, sighting_id);
    person uuid := facestream.find_or_make_person(into_whom, name_visit.name);
    shot facestream.sighting_shot;
begin
    select s.* into visit from facestream.sighting s
    where s.source = visit.source and s.sighting_id = visit.sighting_id and s.day = visit.day for update;
    if exists (select from facestream.person p where p.id = visit.identity_id and p.current_id <> person) then
        perform facestream.refuse('already-named', 'the visit is somebody''s: say first that it is not');
    end if;
    select t.* into shot from facestream.sighting_shot t
    where t.source = visit.source and t.sighting_id = visit.sighting_id and t.day = visit.day;
    delete from facestream.sighting_correction c using facestream.person p
    where c.source = visit.source and c.sighting_id = visit.sighting_id and c.day = visit.day
        and p.id = c.identity_id and (c.is_theirs or p.current_id = person);
    insert into facestream.sighting_correction (source, sighting_id, day, identity_id, is_theirs, command_id)
    values (visit.source, visit.sighting_id, visit.day, person, true, command);
    update facestream.sighting s set identity_id = person, wants_shot = shot.chip is null
    where s.source = visit.source and s.sighting_id = visit.sighting_id and s.day = visit.day;
    if shot.chip is not null then
        insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at, chip)
        values (shot.source, shot.sighting_id, shot.day, shot.event_id, person, shot.appended_at, shot.chip)
        on conflict on constraint sighting_shot_pkey do nothing;
    end if;
    perform facestream.note_in_trail('name-visit', person, jsonb_build_object(
        'source', visit.source, 'sighting', visit.sighting_id));
    return person;
end $$;

-- A visit's best shot becomes a photo of a person, whom the transaction holds; false if it is one already.
create or replace function enrol_shot(person uuid, source text, sighting_id text, chip bytea, quality jsonb,
    topic text, part int, place bigint, versions text[], vectors text[], norms real[]) returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    visit facestream.sighting := facestream.find_sighting(enrol_shot.source, enrol_shot.sighting_id);
    sample uuid;
    owner uuid;
begin
    perform facestream.check_versions_are_live(versions);
    if exists (select from facestream.identity i where i.id = enrol_shot.person
               and facestream.fenced(sha256(convert_to(facestream.plain_name(i.name), 'UTF8')))
                   >= visit.first_appended_at) then
        perform facestream.refuse('erased', 'somebody of that name was erased after the visit began');
    end if;
    insert into facestream.face_sample (identity_id, sha256, chip, enrolled, quality, source_topic, source_partition,
        source_offset)
    values (enrol_shot.person, sha256(enrol_shot.chip), enrol_shot.chip, true, enrol_shot.quality, topic, part, place)
    on conflict (sha256) do nothing
    returning id into sample;
    if sample is null then
        select s.identity_id into owner from facestream.face_sample s where s.sha256 = sha256(enrol_shot.chip);
        if owner is distinct from enrol_shot.person then
            perform facestream.refuse('already-enrolled', format('the picture is a photo of %s', owner));
        end if;
        return false;
    end if;
    insert into facestream.face_embedding (model_version, sample_id, embedding, norm)
    select v.version, sample, v.vector::vector, v.norm from unnest(versions, vectors, norms) v(version, vector, norm);
    perform facestream.follow_photos(array[enrol_shot.person]);
    return true;
end $$;

-- Negatives whose chips show those people or strangers: they are as near to them as their own faces.
create or replace function negatives_showing(people uuid[]) returns uuid[]
    language sql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select array(
        select distinct e.negative_id
        from (select t.model_version, t.embedding from facestream.template t where t.identity_id = any (people)
              union all
              select t.model_version, t.embedding from facestream.stranger_template t
              where t.identity_id = any (people)) k
            join facestream.model_version v on v.version = k.model_version
            join facestream.negative_embedding e on e.model_version = k.model_version
        where case when vector_dims(e.embedding) = vector_dims(k.embedding)
                   then (e.embedding <-> k.embedding) <= v.threshold else false end)
$$;

-- Negatives that go with people or strangers who are erased: those that are not theirs, and those that show them.
create or replace function negatives_of(people uuid[]) returns uuid[]
    language sql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select array(
        select g.id from facestream.negative g where g.identity_id = any (people)
        union
        select unnest(facestream.negatives_showing(people)))
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
    from facestream.negative g join facestream.anybody p on p.id = g.identity_id
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

revoke all on function deny_visit(uuid, text, text, uuid), undo_denial(uuid), find_or_make_person(text, text),
    name_visit(uuid, text, text, text, text),
    enrol_shot(uuid, text, text, bytea, jsonb, text, int, bigint, text[], text[], real[]),
    check_versions_are_live(text[]), find_sighting(text, text), best_shot(text, text),
    add_negative(uuid, text, text, text, bytea, text[], text[]), negatives_showing(uuid[]), negatives_of(uuid[]),
    negatives_missing_under(text, uuid), add_negative_vector(text, uuid, vector), expire_negatives(interval)
    from public;
grant execute on function deny_visit(uuid, text, text, uuid), find_or_make_person(text, text),
    name_visit(uuid, text, text, text, text),
    enrol_shot(uuid, text, text, bytea, jsonb, text, int, bigint, text[], text[], real[]), best_shot(text, text),
    add_negative(uuid, text, text, text, bytea, text[], text[]),
    expire_negatives(interval) to facestream_curation;
grant execute on function negatives_missing_under(text, uuid), add_negative_vector(text, uuid, vector)
    to facestream_training;
grant select on negative_embedding to facestream_matching;
