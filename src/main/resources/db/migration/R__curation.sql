-- What gallery-commands do, a function each, and the views of people. A function refuses what is not possible with
-- SQLSTATE FS001, the reason's code in the error's detail; no message names anybody.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- Everybody who has an id, as who they are now: whoever was merged into somebody is that one. Strangers too.
create or replace view anybody as
select i.id,
       coalesce(m.id, i.id)           as current_id,
       coalesce(m.kind, i.kind)       as kind,
       coalesce(m.name, i.name)       as name,
       coalesce(m.ignored, i.ignored) as ignored
from identity i
    left join identity m on m.id = i.merged_into;

-- The same of people only; a stranger who turned out to be a person is that one.
create or replace view person as
select a.id, a.current_id, a.name, a.ignored from anybody a where a.kind = 'person';

-- Their tags; those of somebody who was merged are the other one's too.
create or replace view person_tag as
select distinct coalesce(i.merged_into, i.id) as identity_id, t.tag
from identity_tag t join identity i on i.id = t.identity_id;

-- One row per person.
create or replace view people as
select i.id,
       i.name,
       (select count(*) from face_sample s where s.identity_id = i.id)                               as photos,
       array(select t.tag from identity_tag t where t.identity_id = i.id
             union select t.tag from identity m join identity_tag t on t.identity_id = m.id
             where m.merged_into = i.id order by 1)                                                  as tags,
       array(select a.name from identity_alias a where a.identity_id = i.id
             union select a.name from identity m join identity_alias a on a.identity_id = m.id
             where m.merged_into = i.id
             union select m.name from identity m
             where m.merged_into = i.id and m.name is not null order by 1)              as former_names,
       i.ignored,
       i.created_at,
       i.updated_at
from identity i
where i.kind = 'person' and i.merged_into is null;

-- One row per photo, without the picture.
create or replace view photos as
select s.id,
       s.identity_id                                                          as person_id,
       i.name,
       s.enrolled,
       s.quality,
       format('%s-%s@%s', s.source_topic, s.source_partition, s.source_offset) as source,
       s.created_at
from face_sample s join identity i on i.id = s.identity_id;

-- One row per visit, of whom it is now.
create or replace view sighting_log as
select s.source,
       s.sighting_id,
       s.camera,
       coalesce(p.kind, 'unknown')                                    as kind,
       p.current_id                                                   as identity_id,
       p.name,
       case when s.identity_id is not null then s.probability end     as probability,
       s.reason,
       s.first_seen,
       s.last_seen,
       s.last_seen - s.first_seen                                     as stayed,
       s.frames,
       s.change <> 'left'                                             as present,
       s.named_after_millis,
       s.day,
       exists (select from sighting_shot t
               where t.source = s.source and t.sighting_id = s.sighting_id and t.day = s.day) as has_shot
from sighting s
    left join anybody p on p.id = s.identity_id;

-- One row per alert, of whom it is now.
create or replace view alert_log as
select o.id,
       o.stored_at,
       o.rule,
       o.target,
       o.state,
       o.camera,
       o.kind,
       p.current_id as identity_id,
       p.name,
       o.source,
       o.sighting_id,
       o.last_seen,
       o.attempts,
       o.failure,
       o.done_at
from alert_outbox o
    left join anybody p on p.id = o.identity_id;

-- People whom a reader takes for one, the oldest first.
create or replace view name_twins as
select folded_name(i.name)                           as key,
       array_agg(i.name order by i.created_at, i.id) as names,
       array_agg(i.id order by i.created_at, i.id)   as identities
from identity i
where i.kind = 'person' and i.merged_into is null
group by folded_name(i.name)
having count(*) > 1;

create or replace function refuse(reason text, message text) returns void
    language plpgsql
as $$
begin
    raise exception using errcode = 'FS001', message = refuse.message, detail = refuse.reason;
end $$;

-- The person of a name, or who had it before; of several whose names were stored in other forms, the oldest. Null if
-- there is nobody.
create or replace function person_named(name text) returns uuid
    language sql stable strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select f.id
    from (select coalesce(i.merged_into, i.id) as id, 1 as place, (i.name = person_named.name) as same, i.created_at
          from facestream.identity i
          where i.kind = 'person' and facestream.folded_name(i.name) = facestream.folded_name(person_named.name)
              and facestream.plain_name(i.name) = facestream.plain_name(person_named.name)
          union all
          select coalesce(i.merged_into, i.id), 2, true, a.created_at
          from facestream.identity_alias a join facestream.identity i on i.id = a.identity_id
          where a.name = facestream.plain_name(person_named.name)) f
    order by f.place, f.same desc, f.created_at, f.id
    limit 1
$$;

-- The person of an id or a name, as who it is now.
create or replace function find_person(who text) returns uuid
    language plpgsql stable strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    found uuid := facestream.find_identity(who);
begin
    if exists (select from facestream.identity i where i.id = found and i.kind = 'stranger') then
        perform facestream.refuse('is-stranger', 'that is a stranger: give it a name first, with the command name');
    end if;
    return found;
end $$;

-- Keeps people as they are until the transaction ends, but for what it changes itself; live versions too.
create or replace function hold_people(ids uuid[]) returns void
    language plpgsql strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    held bigint;
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    -- in one order, as enrolment and erasure lock them
    select count(*) into held
    from (select i.id from facestream.identity i where i.id = any (ids) and i.merged_into is null
          order by i.id for update) l;
    if held < (select count(distinct n) from unnest(ids) n) then
        perform facestream.refuse('no-such-person', 'somebody was erased or merged meanwhile');
    end if;
end $$;

create or replace function check_name_is_free(name text, of uuid default null) returns void
    language plpgsql
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    taken uuid;
    into_whom uuid;
begin
    select i.id, i.merged_into into taken, into_whom from facestream.identity i
    where i.kind = 'person' and i.id is distinct from check_name_is_free.of
        and facestream.folded_name(i.name) = facestream.folded_name(check_name_is_free.name)
        and facestream.plain_name(i.name) = check_name_is_free.name
    limit 1;
    if into_whom is not null then
        perform facestream.refuse('name-taken', format('it is the name of %s, who was merged into %s: undo that first',
            taken, into_whom));
    elsif taken is not null then
        perform facestream.refuse('name-taken', format('it is the name of %s', taken));
    end if;
end $$;

create or replace function note_in_trail(action text, person uuid, detail jsonb default '{}') returns void
    language sql
    set search_path = pg_catalog, facestream, pg_temp
as $$
    insert into facestream.audit_trail (action, name_hmac, detail)
    select note_in_trail.action, facestream.trail_name(i.name), note_in_trail.detail
    from facestream.identity i where i.id = note_in_trail.person
$$;

-- A new person without photos. A name that somebody had before is this person's from now on.
create or replace function create_person(name text) returns uuid
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    made uuid;
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    perform facestream.check_name_is_free(name);
    delete from facestream.identity_alias a where a.name = create_person.name;
    insert into facestream.identity (kind, name) values ('person', create_person.name)
    on conflict do nothing
    returning id into made;
    if made is null then
        perform facestream.refuse('name-taken', 'somebody of that name was enrolled at this moment');
    end if;
    perform facestream.note_in_trail('create', made);
    perform nextval('facestream.gallery_revision');
    return made;
end $$;

-- The former name stays known as the person's.
create or replace function rename_person(command uuid, who text, name text) returns uuid
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    renamed uuid := facestream.find_person(who);
    former text;
begin
    perform facestream.hold_people(array[renamed]);
    select i.name into former from facestream.identity i where i.id = renamed;
    if former = rename_person.name then
        perform facestream.refuse('same-name', 'the person has that name');
    end if;
    perform facestream.check_name_is_free(rename_person.name, renamed);
    delete from facestream.identity_alias a where a.name = rename_person.name;
    insert into facestream.identity_alias (name, identity_id) values (facestream.plain_name(former), renamed)
    on conflict on constraint identity_alias_pkey do update set identity_id = excluded.identity_id;
    update facestream.identity i set name = rename_person.name, updated_at = now() where i.id = renamed;
    insert into facestream.gallery_undo (command_id, identity_id, name) values (command, renamed, former);
    perform nextval('facestream.gallery_revision');
    return renamed;
end $$;

-- People who are one: the photos become the other one's, and visits, alerts, tags and names follow. Strangers are
-- merged with each other, and into people; their chips are photos of the person then.
create or replace function merge_people(command uuid, people text[], into_whom text,
    out person uuid, out merged bigint, out samples bigint)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    others uuid[];
    strangers uuid[];
begin
    person := facestream.find_identity(into_whom);
    others := array(select distinct facestream.find_identity(p) from unnest(people) p);
    if person = any (others) then
        perform facestream.refuse('same-person', 'a person cannot be merged into itself');
    end if;
    perform facestream.hold_people(others || person);
    if exists (select from facestream.identity i where i.id = person and i.kind = 'stranger')
        and exists (select from facestream.identity i where i.id = any (others) and i.kind = 'person')
    then
        perform facestream.refuse('is-stranger', 'a person is not merged into a stranger: the other way round');
    end if;
    strangers := array(select i.id from facestream.identity i
                       where i.kind = 'stranger' and (i.id = any (others) or i.merged_into = any (others)));
    insert into facestream.gallery_undo (command_id, identity_id, sample_id)
    select command, s.identity_id, s.id from facestream.face_sample s where s.identity_id = any (others);
    get diagnostics samples = row_count;
    insert into facestream.gallery_undo (command_id, identity_id, previous)
    select command, i.id, i.merged_into from facestream.identity i
    where i.id = any (others) or i.merged_into = any (others);
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'merge', facestream.trail_name(b.name),
           jsonb_build_object('from', encode(facestream.trail_name(a.name), 'hex'))
    from facestream.identity a, facestream.identity b where a.id = any (others) and b.id = person;
    update facestream.face_sample s set identity_id = person where s.identity_id = any (others);
    update facestream.identity i set merged_into = person, updated_at = now()
    where i.id = any (others) or i.merged_into = any (others);
    if exists (select from facestream.identity i where i.id = person and i.kind = 'person') then
        samples := samples + facestream.chips_to_photos(command, strangers, person);
    end if;
    perform facestream.compute_stranger_templates(strangers || person);
    merged := cardinality(others);
    perform nextval('facestream.gallery_revision');
end $$;

-- Photos that are somebody else's: a person's who is there, or a new one's.
create or replace function split_samples(command uuid, photos uuid[], into_whom text, name text,
    out person uuid, out samples bigint)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    owners uuid[];
begin
    owners := array(select distinct s.identity_id from facestream.face_sample s where s.id = any (photos));
    person := case when into_whom is null then facestream.create_person(split_samples.name)
                   else facestream.find_person(into_whom) end;
    perform facestream.hold_people(owners || person);
    insert into facestream.gallery_undo (command_id, identity_id, sample_id)
    select command, s.identity_id, s.id from facestream.face_sample s
    where s.id = any (photos) and s.identity_id <> person;
    get diagnostics samples = row_count;
    if samples < (select count(distinct p) from unnest(photos) p) then
        perform facestream.refuse('no-such-sample',
            'a photo is not in the gallery any more, or is of that person already');
    end if;
    if into_whom is null then
        insert into facestream.gallery_undo (command_id, identity_id) values (command, person);
    end if;
    update facestream.face_sample s set identity_id = person where s.id = any (photos);
    perform nextval('facestream.gallery_revision');
end $$;

create or replace function delete_samples(photos uuid[]) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    deleted bigint;
begin
    perform facestream.hold_people(
        array(select distinct s.identity_id from facestream.face_sample s where s.id = any (photos)));
    delete from facestream.face_sample s where s.id = any (photos);
    get diagnostics deleted = row_count;
    if deleted < (select count(distinct p) from unnest(photos) p) then
        perform facestream.refuse('no-such-sample', 'a photo is not in the gallery: none was deleted');
    end if;
    return deleted;
end $$;

-- Adds a tag, or takes it away; says how many have changed.
create or replace function tag_people(people text[], tag text, tagged boolean) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    ids uuid[] := array(select distinct facestream.find_person(p) from unnest(people) p);
    changed uuid[];
begin
    perform facestream.hold_people(ids);
    if tagged then
        with added as (
            insert into facestream.identity_tag (identity_id, tag)
            select i, tag_people.tag from unnest(ids) i
            where not exists (select from facestream.person_tag t where t.identity_id = i and t.tag = tag_people.tag)
            returning identity_id)
        select array_agg(identity_id) into changed from added;
    else
        with removed as (
            delete from facestream.identity_tag t using facestream.identity i
            where i.id = t.identity_id and coalesce(i.merged_into, i.id) = any (ids) and t.tag = tag_people.tag
            returning coalesce(i.merged_into, i.id) as id)
        select array_agg(distinct id) into changed from removed;
    end if;
    perform facestream.note_in_trail(case when tagged then 'tag' else 'untag' end, i, jsonb_build_object('tag', tag))
    from unnest(changed) i;
    return coalesce(cardinality(changed), 0);
end $$;

-- Whether anybody is alerted about them; says how many have changed.
create or replace function ignore_people(people text[], ignored boolean) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    ids uuid[] := array(select distinct facestream.find_identity(p) from unnest(people) p);
    changed uuid[];
begin
    perform facestream.hold_people(ids);
    with changing as (
        update facestream.identity i set ignored = ignore_people.ignored, updated_at = now()
        where i.id = any (ids) and i.ignored <> ignore_people.ignored
        returning i.id)
    select array_agg(id) into changed from changing;
    perform facestream.note_in_trail(case when ignored then 'ignore' else 'unignore' end, i) from unnest(changed) i;
    return coalesce(cardinality(changed), 0);
end $$;

-- Makes it as it was before a merge, a rename, a split, the name of a stranger, or that a face was said not to be
-- somebody's. Photos that came since stay where they are.
create or replace function undo_command(command uuid, target uuid, out person uuid, out samples bigint)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    undone facestream.gallery_command;
    later uuid;
    former text;
    strangers uuid[];
    into_whom uuid;
    moved bigint;
begin
    samples := 0;
    select * into undone from facestream.gallery_command c where c.id = target for update;
    if undone.id is null then
        perform facestream.refuse('no-such-command', 'there is no such command, or it was too long ago');
    elsif undone.undone_by is not null then
        perform facestream.refuse('already-undone', format('it was undone by %s', undone.undone_by));
    elsif undone.state <> 'done'
        or undone.kind not in ('merge', 'rename', 'split', 'name', 'not-this-person')
        or undone.kind = 'name' and not exists (select from facestream.gallery_undo u where u.command_id = target)
    then
        perform facestream.refuse('not-undoable',
            'only a merge, rename, split, not-this-person or name of a stranger that was done can be undone');
    elsif undone.kind = 'not-this-person' then
        null;
    elsif not exists (select from facestream.gallery_undo u where u.command_id = target) then
        perform facestream.refuse('erased', 'whom it was about was erased, or the photos were deleted');
    end if;
    select c.id into later from facestream.gallery_undo u
        join facestream.gallery_undo o on o.identity_id = u.identity_id or o.previous = u.identity_id
        join facestream.gallery_command c on c.id = o.command_id
    where u.command_id = target and c.place > undone.place and c.undone_by is null
    order by c.place desc limit 1;
    if later is not null then
        perform facestream.refuse('changed-since', format('undo %s first', later));
    end if;

    if undone.kind = 'not-this-person' then
        person := facestream.undo_denial(target);
    elsif undone.kind = 'rename' then
        select u.identity_id, u.name into person, former from facestream.gallery_undo u where u.command_id = target;
        perform facestream.hold_people(array[person]);
        perform facestream.check_name_is_free(former, person);
        delete from facestream.identity_alias a where a.name = facestream.plain_name(former);
        update facestream.identity i set name = former, updated_at = now() where i.id = person;
    else
        perform pg_advisory_xact_lock_shared(7377286951989441133);
        perform from facestream.identity i
        where i.id in (select u.identity_id from facestream.gallery_undo u where u.command_id = target)
            or i.id in (select s.identity_id from facestream.gallery_undo u
                        join facestream.face_sample s on s.id = u.sample_id where u.command_id = target)
        order by i.id for update;
        select s.identity_id into person from facestream.gallery_undo u
            join facestream.face_sample s on s.id = u.sample_id where u.command_id = target limit 1;
        select i.merged_into into into_whom from facestream.gallery_undo u
            join facestream.identity i on i.id = u.identity_id where u.command_id = target limit 1;
        if undone.kind = 'name' and exists (
            select from facestream.gallery_undo u join facestream.identity i on i.id = u.identity_id
            where u.command_id = target and u.sample_id is null and i.kind = 'person')
        then
            person := facestream.stranger_again(target);
        elsif undone.kind in ('merge', 'name') then
            update facestream.identity i set merged_into = u.previous, updated_at = now()
            from facestream.gallery_undo u
            where u.command_id = target and u.sample_id is null and i.id = u.identity_id;
        end if;
        strangers := array(
            select distinct u.identity_id from facestream.gallery_undo u
                join facestream.identity i on i.id = u.identity_id
            where u.command_id = target and i.kind = 'stranger');
        moved := facestream.photos_to_chips(target);
        perform facestream.compute_stranger_templates(strangers || into_whom);
        update facestream.face_sample s set identity_id = u.identity_id
        from facestream.gallery_undo u where u.command_id = target and u.sample_id = s.id;
        get diagnostics samples = row_count;
        samples := samples + moved;
        if undone.kind = 'split' then
            -- Whom the split made is whose the photos are, with the visits that were told meanwhile, and has no name
            -- and no tags any more: these would be the other one's.
            delete from facestream.identity_tag t using facestream.gallery_undo u
            where u.command_id = target and u.sample_id is null and t.identity_id = u.identity_id
                and not exists (select from facestream.face_sample s where s.identity_id = u.identity_id);
            update facestream.identity i
            set kind = 'stranger', name = null, updated_at = now(), merged_into = (
                select o.identity_id from facestream.gallery_undo o
                where o.command_id = target and o.sample_id is not null order by o.identity_id limit 1)
            from facestream.gallery_undo u
            where u.command_id = target and u.sample_id is null and i.id = u.identity_id
                and not exists (select from facestream.face_sample s where s.identity_id = i.id);
        end if;
    end if;
    update facestream.gallery_command c set undone_by = undo_command.command where c.id = target;
    insert into facestream.audit_trail (action, detail) values ('undo', jsonb_build_object('undone', target));
    perform nextval('facestream.gallery_revision');
end $$;

revoke all on person, anybody, person_tag, people, photos from public;
revoke all on function refuse(text, text), person_named(text), find_person(text), hold_people(uuid[]),
    check_name_is_free(text, uuid), note_in_trail(text, uuid, jsonb), create_person(text),
    rename_person(uuid, text, text), merge_people(uuid, text[], text), split_samples(uuid, uuid[], text, text),
    delete_samples(uuid[]), tag_people(text[], text, boolean), ignore_people(text[], boolean),
    undo_command(uuid, uuid) from public;
grant execute on function create_person(text), rename_person(uuid, text, text), merge_people(uuid, text[], text),
    split_samples(uuid, uuid[], text, text), delete_samples(uuid[]), tag_people(text[], text, boolean),
    ignore_people(text[], boolean), undo_command(uuid, uuid) to facestream_curation;
grant select on gallery_revision to facestream_curation;
grant select on model_version, model_weights to facestream_curation; -- faces of commands are embedded
grant select on person, anybody to facestream_sightings, facestream_alerts, facestream_curation, facestream_reader;
grant select on people, photos to facestream_reader, facestream_web;
grant select on person_tag to facestream_alerts, facestream_curation, facestream_reader;
grant select on identity_alias to facestream_enrolment, facestream_training;
grant execute on function person_named(text) to facestream_enrolment, facestream_training;
