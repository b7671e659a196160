-- No name lies here as a bare hash any more: names are few enough to be guessed, and a hash of each guess compared. Audit trail, fence
-- and training_person hold HMAC-SHA256(key, SHA-256(name)), which a guess cannot be compared with by whoever lacks the key.

-- The bytes of a key, with zeros up to SHA-256's block of 64, each combined with one byte by exclusive or: RFC 2104.
create function hmac_pad(key bytea, with_byte int) returns bytea
    language plpgsql immutable strict
    set search_path = pg_catalog, pg_temp
as $$
declare
    short bytea := case when length(key) > 64 then sha256(key) else key end;
    pad bytea := decode(repeat(lpad(to_hex(with_byte), 2, '0'), 64), 'hex');
begin
    for i in 0 .. length(short) - 1 loop
        pad := set_byte(pad, i, get_byte(short, i) # with_byte);
    end loop;
    return pad;
end $$;

-- No role reads it; only the functions below do, as its owner. `trail` is for good: of the audit trail and of training_person.
-- `fence` goes with the last fence, and then nobody can tell any more whose it was.
create table name_key (
    purpose   text  primary key check (purpose in ('fence', 'trail')),
    key       bytea not null check (length(key) = 32),
    inner_pad bytea not null generated always as (facestream.hmac_pad(key, 54)) stored, -- 0x36
    outer_pad bytea not null generated always as (facestream.hmac_pad(key, 92)) stored  -- 0x5c
);

-- Makes a key, unless there is one. gen_random_uuid() draws 122 bits each from the server's strong random generator, so that three of
-- them are more than the 256 of the key; gen_random_bytes() would need the extension pgcrypto.
create function make_name_key(purpose text) returns void
    language sql volatile strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
    insert into facestream.name_key (purpose, key)
    values (purpose, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())))
    on conflict do nothing
$$;
select make_name_key('fence'), make_name_key('trail');

-- Null where there is no such key.
create function name_hmac(purpose text, name_sha256 bytea) returns bytea
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select sha256(k.outer_pad || sha256(k.inner_pad || name_sha256))
    from facestream.name_key k where k.purpose = name_hmac.purpose
$$;

-- A name as the audit trail has it. Who looks somebody up there needs it, and may guess names with it:
--   grant execute on function facestream.trail_name(text) to NAME;
create function trail_name(name text) returns bytea
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select facestream.name_hmac('trail', sha256(convert_to(normalize(name, nfc), 'UTF8')))
$$;

-- A network may have been trained on somebody who was erased later; erasing says so here, since the fence ends.
alter table training_person add column erased_at timestamptz;
update training_person p set erased_at = e.erased_at
from erasure e, training_command c
where e.name_sha256 = p.name_sha256 and c.id = p.command_id and e.erased_at >= c.created_at;

-- Changing a column's type writes a table anew: the hashes are in no dead row afterwards, and no trigger of the trail is in the way.
create function converted_detail(detail jsonb) returns jsonb
    language sql stable strict
as $$
    select case when detail ->> 'from' is not null
        then jsonb_set(detail, '{from}',
            to_jsonb(encode(facestream.name_hmac('trail', decode(detail ->> 'from', 'hex')), 'hex')))
        else detail end
$$;
alter table audit
    alter column name_sha256 type bytea using facestream.name_hmac('trail', name_sha256),
    alter column detail type jsonb using facestream.converted_detail(detail);
alter table training_person alter column name_sha256 type bytea using facestream.name_hmac('trail', name_sha256);
alter table erasure alter column name_sha256 type bytea using facestream.name_hmac('fence', name_sha256);
drop function converted_detail(jsonb);
alter table audit rename column name_sha256 to name_hmac;
alter table training_person rename column name_sha256 to name_hmac;
alter table erasure rename column name_sha256 to name_hmac;

-- The triggers of the trail as they were, but for the names.
create or replace function audit_enrolment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit (deed, name_hmac, detail)
    select 'enrol', facestream.trail_name(i.name),
           jsonb_build_object('photo', format('%s-%s@%s', new.source_topic, new.source_partition, new.source_offset),
                              'enrolled', new.enrolled)
    from facestream.identity i where i.id = new.identity_id and i.kind = 'person';
    return null;
end $$;

create or replace function audit_reassignment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit (deed, name_hmac, detail)
    values ('reassign',
            (select facestream.trail_name(i.name) from facestream.identity i where i.id = new.identity_id),
            jsonb_build_object('photo', format('%s-%s@%s', new.source_topic, new.source_partition, new.source_offset),
                'from', (select encode(facestream.trail_name(i.name), 'hex')
                         from facestream.identity i where i.id = old.identity_id)));
    return null;
end $$;

create or replace function audit_identity() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    if tg_op = 'DELETE' then
        insert into facestream.audit (deed, name_hmac) values ('delete', facestream.trail_name(old.name));
    else
        insert into facestream.audit (deed, name_hmac, detail)
        values ('rename', facestream.trail_name(new.name),
                jsonb_build_object('from', encode(facestream.trail_name(old.name), 'hex')));
    end if;
    return null;
end $$;

-- A fence has no name that the trail could have: erasing writes the trail's row itself.
drop trigger audit on erasure;
drop function audit_erasure();

-- Up to when photos of a name do not count; null where nobody of that name was erased. A minute is added, for the time of a photo is
-- the broker's, and the time of the fence is the database's: a broker whose clock is ahead by no more than that cannot carry a photo
-- over the fence that it took before. Whoever is to come back is enrolled a minute later.
create function fenced(name_sha256 bytea) returns timestamptz
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select e.erased_at + interval '1 minute'
    from facestream.erasure e where e.name_hmac = facestream.name_hmac('fence', fenced.name_sha256)
$$;

-- Notes whom a command's network is trained on. Who was erased since the command came counts as erased, also where their photos had
-- been read before; the lock lets an erasure that is under way end first.
create function note_trained_on(command uuid, names_sha256 bytea[]) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    insert into facestream.training_person (command_id, name_hmac, erased_at)
    select c.id, facestream.name_hmac('trail', n.sha256), e.erased_at
    from unnest(names_sha256) n(sha256)
        join facestream.training_command c on c.id = note_trained_on.command
        left join facestream.erasure e
            on e.name_hmac = facestream.name_hmac('fence', n.sha256) and e.erased_at >= c.created_at
    on conflict do nothing;
end $$;

-- How many of those whom a command's network is trained on were erased since.
create function erased_of_command(command uuid) returns bigint
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select count(*) from facestream.training_person p where p.command_id = erased_of_command.command and p.erased_at is not null
$$;

-- The same of a version, and of those that it comes from: what its parent has learnt is in it too.
create function erased_of_version(version text) returns bigint
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    with recursive line as (
        select v.version, v.parent, v.training_command
        from facestream.model_version v where v.version = erased_of_version.version
        union
        select p.version, p.parent, p.training_command
        from facestream.model_version p join line l on p.version = l.parent)
    select count(distinct p.name_hmac)
    from line l join facestream.training_person p on p.command_id = l.training_command
    where p.erased_at is not null
$$;

revoke all on function hmac_pad(bytea, int), make_name_key(text), name_hmac(text, bytea), trail_name(text), fenced(bytea),
    note_trained_on(uuid, bytea[]), erased_of_command(uuid), erased_of_version(text) from public;
revoke all on erasure from facestream_enrolment, facestream_training;
revoke all on training_person from facestream_training;
grant execute on function fenced(bytea) to facestream_enrolment, facestream_training;
grant execute on function note_trained_on(uuid, bytea[]), erased_of_command(uuid), erased_of_version(text)
    to facestream_training;
