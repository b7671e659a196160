-- The best shot of a visit: one aligned chip, of those whom the settings name, as long as they say. No role reads or
-- writes the table: sightings writes by keep_shot. Who looks at one does so by show_shot, which leaves a row in the
-- audit trail.

create table sighting_shot (
    source      text        not null,
    sighting_id text        not null,
    day         date        not null,
    event_id    text        not null,
    identity_id uuid        references identity (id) on delete cascade,
    appended_at timestamptz not null,
    chip        bytea       not null check (octet_length(chip) between 1 and 262144),
    primary key (source, sighting_id, day)
);
create index sighting_shot_of_identity on sighting_shot (identity_id, appended_at);

comment on column sighting_shot.event_id is 'of the face';
comment on column sighting_shot.appended_at is 'when the broker appended the chip';

-- Set by the projection where the best shot is another one, and taken back when it is here, or cannot be had.
alter table sighting add column wants_shot boolean not null default false;
create index sighting_wants_shot on sighting (last_appended_at) where wants_shot;

-- A shot is of whom its visit is of: it goes when the visit turns out to be of somebody else, is nobody's, or is gone.
create function shot_follows_visit() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    delete from facestream.sighting_shot t
    where t.source = old.source and t.sighting_id = old.sighting_id and t.day = old.day;
    return null;
end $$;
create trigger shot_follows_subject after update of identity_id on sighting for each row
    when (new.identity_id is distinct from old.identity_id)
    execute function shot_follows_visit();
create trigger shot_follows_removal after delete on sighting for each row
    execute function shot_follows_visit();

-- As in migration 19, but a new day waits for nobody who reads: a table of its own is attached, where one that is made
-- as a partition locks all of them. Days are UTC's, whatever the session's time zone.
create or replace function make_sighting_days(days date[]) returns void
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    today date := (now() at time zone 'UTC')::date;
    wanted date;
    partition text;
begin
    if cardinality(days) > 1000 then
        raise exception 'at most 1000 days at a time, not %', cardinality(days)
            using errcode = 'invalid_parameter_value';
    end if;
    -- Two processes may see the first visit of a day.
    perform pg_advisory_xact_lock(7377286951989441134);
    foreach wanted in array days loop
        if wanted is null or wanted < today - 401 or wanted > today + 2 then
            raise exception 'sightings are of the last 400 days, not of %, and this is %', wanted, today
                using errcode = 'invalid_parameter_value';
        end if;
        partition := 'sighting_' || to_char(wanted, 'YYYYMMDD');
        if to_regclass('facestream.' || partition) is null then
            execute format('create table facestream.%I (like facestream.sighting including defaults
                including constraints)', partition);
            execute format('alter table facestream.sighting attach partition facestream.%I
                for values from (%L) to (%L)', partition, wanted, wanted + 1);
        end if;
    end loop;
end $$;

-- As in migration 19, but a day that somebody reads stays for another time: whoever waits to remove it keeps everybody
-- else waiting.
create or replace function expire_sightings(keep interval, keep_unknown interval, at_most int default 10000)
    returns table (days int, visits int)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
    set lock_timeout = '2s'
as $$
declare
    past text;
begin
    if keep is null or keep_unknown is null or keep < interval '1 day' or keep_unknown < interval '0' then
        raise exception 'sightings are kept for a day at least' using errcode = 'invalid_parameter_value';
    end if;
    days := 0;
    for past in
        select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'facestream.sighting'::regclass
            and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= (now() at time zone 'UTC') - keep
        order by 1
    loop
        begin
            execute format('alter table facestream.sighting detach partition facestream.%I', past);
            execute format('drop table facestream.%I', past);
            delete from facestream.sighting_shot t where t.day = to_date(right(past, 8), 'YYYYMMDD');
            days := days + 1;
        exception when lock_not_available then
            exit;
        end;
    end loop;
    with past_visit as (
        select s.source, s.sighting_id, s.day from facestream.sighting s
        where s.identity_id is null and s.last_appended_at < now() - keep_unknown
        limit at_most)
    delete from facestream.sighting s using past_visit p
    where s.source = p.source and s.sighting_id = p.sighting_id and s.day = p.day;
    get diagnostics visits = row_count;
    return next;
end $$;

-- Keeps the chip of a face, in the place of the visit's former one. Of whom the visit is at this moment is looked up in
-- the same statement: whoever was erased meanwhile is nobody, and a person's visit that is nobody's has no shot. False
-- if nothing was kept, because the visit is gone, or about another face or somebody else by now.
create function keep_shot(source text, sighting_id text, day date, identity_id uuid, event_id text,
    appended_at timestamptz, chip bytea) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at, chip)
    select s.source, s.sighting_id, s.day, keep_shot.event_id, s.identity_id, keep_shot.appended_at, keep_shot.chip
    from facestream.sighting s
    where s.source = keep_shot.source and s.sighting_id = keep_shot.sighting_id and s.day = keep_shot.day
        and s.wants_shot and s.best ->> 'eventId' = keep_shot.event_id
        and s.identity_id is not distinct from keep_shot.identity_id
        and (s.identity_id is not null or s.kind <> 'person')
    on conflict on constraint sighting_shot_pkey do update set
        event_id = excluded.event_id, identity_id = excluded.identity_id, appended_at = excluded.appended_at,
        chip = excluded.chip;
    return found;
end $$;

-- Removes shots that are kept no longer, of people and of everybody else; returns how many.
create function expire_shots(keep_people interval, keep_others interval) returns bigint
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    removed bigint;
begin
    if keep_people is null or keep_others is null or least(keep_people, keep_others) < interval '0' then
        raise exception 'shots are kept for 0 s at least' using errcode = 'invalid_parameter_value';
    end if;
    delete from facestream.sighting_shot t
    where t.appended_at <= clock_timestamp() - case when t.identity_id is null then keep_others else keep_people end;
    get diagnostics removed = row_count;
    return removed;
end $$;

-- 'show-shot' is that somebody looked at the best shot of a visit.
alter table audit_trail drop constraint audit_trail_action_check;
alter table audit_trail add constraint audit_trail_action_check check (action in ('enrol', 'rename', 'reassign',
    'delete-photo', 'delete', 'erase', 'add-model', 'promote', 'roll-back', 'retire', 'export-model', 'show-shot'));

-- The chip of a visit's best shot, a PNG, and a row that it was looked at; null where there is none.
create function show_shot(source text, sighting_id text) returns bytea
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    found record;
begin
    select t.chip, t.event_id, i.name into found
    from facestream.sighting_shot t left join facestream.identity i on i.id = t.identity_id
    where t.source = show_shot.source and t.sighting_id = show_shot.sighting_id
    order by t.day desc limit 1;
    if found.chip is not null then
        insert into facestream.audit_trail (action, name_hmac, detail)
        values ('show-shot', facestream.trail_name(found.name),
                jsonb_build_object('source', show_shot.source, 'sighting', show_shot.sighting_id,
                                   'event', found.event_id));
    end if;
    return found.chip;
end $$;

revoke all on function shot_follows_visit(), keep_shot(text, text, date, uuid, text, timestamptz, bytea),
    expire_shots(interval, interval), show_shot(text, text) from public;

create or replace view sighting_log as
select s.source,
       s.sighting_id,
       s.camera,
       case when s.identity_id is null then 'unknown' else s.kind end as kind,
       s.identity_id,
       i.name,
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
    left join identity i on i.id = s.identity_id;

grant execute on function keep_shot(text, text, date, uuid, text, timestamptz, bytea), expire_shots(interval, interval)
    to facestream_sightings;
