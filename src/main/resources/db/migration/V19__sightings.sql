-- Visits, as the topic sightings tells of them. Written by the role sightings alone.

do $$
begin
    if not exists (select from pg_roles where rolname = 'facestream_sightings') then
        create role facestream_sightings nologin;
    end if;
exception when insufficient_privilege then
    raise exception '% may not create roles: run "create role facestream_sightings;" as superuser, then migrate again',
        current_user;
end $$;

-- One row per visit: its latest message. A partition per day, which is that of the first face's append on the broker,
-- whatever the camera's clock says. Names are never stored: a person who is renamed or erased is so in every visit.
create table sighting (
    source             text        not null,
    sighting_id        text        not null,
    day                date        not null,
    sequence           int         not null check (sequence >= 1),
    change             text        not null check (change in ('appeared', 'updated', 'left', 'returned')),
    camera             text        not null,
    kind               text        not null check (kind in ('person', 'stranger', 'unknown')),
    identity_id        uuid        references identity (id) on delete set null,
    probability        real,
    reason             text,
    first_seen         timestamptz not null,
    last_seen          timestamptz not null,
    first_appended_at  timestamptz not null,
    last_appended_at   timestamptz not null,
    frames             bigint      not null,
    named_after_millis bigint,
    best               jsonb       not null,
    primary key (source, sighting_id, day)
) partition by range (day);

create index sighting_of_identity on sighting (identity_id);
create index sighting_of_camera on sighting (camera, first_seen);
create index sighting_by_time on sighting (first_seen);

comment on column sighting.kind is 'as it was told; a visit of somebody who was erased has no identity_id';

-- Makes the partitions of days that have none. A day that is over for longer than a year or has not begun is refused:
-- times are the broker's.
create function make_sighting_days(days date[]) returns void
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    wanted date;
begin
    if cardinality(days) > 1000 then
        raise exception 'at most 1000 days at a time, not %', cardinality(days)
            using errcode = 'invalid_parameter_value';
    end if;
    -- Two processes may see the first visit of a day.
    perform pg_advisory_xact_lock(7377286951989441134);
    foreach wanted in array days loop
        if wanted is null or wanted < current_date - 400 or wanted > current_date + 1 then
            raise exception 'sightings are of the last 400 days, not of %', wanted
                using errcode = 'invalid_parameter_value';
        end if;
        execute format('create table if not exists facestream.%I partition of facestream.sighting
            for values from (%L) to (%L)', 'sighting_' || to_char(wanted, 'YYYYMMDD'), wanted, wanted + 1);
    end loop;
end $$;

-- Removes what is kept no longer: whole days, and of the days that are left the visits of nobody known, some at a time.
-- Returns how many days and visits.
create function expire_sightings(keep interval, keep_unknown interval, at_most int default 10000)
    returns table (days int, visits int)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
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
            and to_date(right(c.relname, 8), 'YYYYMMDD') + 1 <= now() - keep
        order by 1
    loop
        execute format('alter table facestream.sighting detach partition facestream.%I', past);
        execute format('drop table facestream.%I', past);
        days := days + 1;
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

revoke all on function make_sighting_days(date[]), expire_sightings(interval, interval, int) from public;

-- One row per visit, the name as it is today.
create view sighting_log as
select s.source,
       s.sighting_id,
       s.camera,
       case when s.identity_id is null then 'unknown' else s.kind end as kind,
       s.identity_id,
       i.name,
       s.probability,
       s.reason,
       s.first_seen,
       s.last_seen,
       s.last_seen - s.first_seen                                     as stayed,
       s.frames,
       s.change <> 'left'                                             as present,
       s.named_after_millis,
       s.day
from sighting s
    left join identity i on i.id = s.identity_id;

grant usage on schema facestream to facestream_sightings;
grant select on flyway_schema_history to facestream_sightings;
grant select (id) on identity to facestream_sightings;
grant select, insert, update on sighting to facestream_sightings;
grant execute on function make_sighting_days(date[]), expire_sightings(interval, interval, int) to facestream_sightings;
grant select on sighting_log to facestream_reader;
