-- What shows that an erasure is complete: what is left of whom it erased, vacuum, and the view of all erasures.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- How much is left of whom an erasure erased, by table. Somebody of that name who was enrolled later is not counted.
create or replace function erasure_left(receipt uuid) returns table (what text, remains bigint)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select c.key, c.value::bigint
    from facestream.erasure_receipt r,
        jsonb_each_text(facestream.count_erasable(r.people, '{}', array(
            select n.name
            from (select i.name from facestream.identity i where i.kind = 'person' and i.created_at <= r.erased_at
                  union select a.name from facestream.identity_alias a where a.created_at <= r.erased_at
                  union select facestream.plain_name(p.name)
                  from facestream.training_command c, jsonb_array_elements_text(c.command -> 'people') p(name)
                  where jsonb_typeof(c.command -> 'people') = 'array' and c.created_at <= r.erased_at) n
            where facestream.trail_name(n.name) = any (r.name_hmacs)), '{}')) c
    where r.id = erasure_left.receipt
    order by 1
$$;

-- The versions that were trained on whom an erasure erased, or come from one that was, or were taught by one.
create or replace function erasure_versions(receipt uuid) returns table (version text, status text)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select v.version, v.status
    from facestream.erasure_receipt r,
        facestream.versions_made_by(array(
            select p.command_id from facestream.training_person p
            where p.name_hmac = any (r.name_hmacs) and p.erased_at is not null)) v
    where r.id = erasure_versions.receipt
    order by 1
$$;

-- The tables that may hold dead rows of whom was erased, each partition for itself, with their TOAST tables.
create or replace function erasable_tables() returns table (name text, relation oid)
    language sql stable
    set search_path = pg_catalog, facestream, pg_temp
as $$
    with named as (
        select to_regclass('facestream.' || k.name) as root
        from (select jsonb_object_keys(facestream.count_erasable('{}', '{}', '{}', '{}')) as name
              union select 'gallery_command') k),
    leaves as (
        select p.relid::oid as relid from named n, pg_partition_tree(n.root) p where p.isleaf
        union
        select n.root::oid from named n)
    select c.relname, r.relation
    from leaves l join pg_class c on c.oid = l.relid and c.relkind = 'r',
        lateral (values (c.oid), (nullif(c.reltoastrelid, 0))) r(relation)
    where r.relation is not null
$$;

-- Those of them that no vacuum has gone through since that time, or of whose rows the planner has older samples. One
-- without dead rows needs no vacuum, if the statistics have counted since the erasure.
create or replace function tables_to_vacuum(erased_at timestamptz, since timestamptz) returns setof text
    language sql stable
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select distinct t.name
    from facestream.erasable_tables() t left join pg_stat_all_tables s on s.relid = t.relation
    where (greatest(s.last_vacuum, s.last_autovacuum) > since) is not true
            and (s.n_dead_tup = 0 and pg_postmaster_start_time() < erased_at
                 and (select coalesce(d.stats_reset, '-infinity') from pg_stat_database d
                      where d.datname = current_database()) < erased_at) is not true
        or (greatest(s.last_analyze, s.last_autoanalyze) > since) is not true
            and exists (select from pg_stats p
                        where p.schemaname = 'facestream' and s.schemaname = 'facestream' and p.tablename = t.name)
    order by 1
$$;

-- Goes on with what an erasure still needs of the database, and says what it waits for; null once it is over.
--
-- A vacuum removes what no transaction sees any more. So the transactions that were under way after the erasure end
-- first. Then autovacuum is made due for the tables, which also takes samples for the planner: changing a table's
-- options ends a vacuum that is under way, so one that ends later has begun later. Indexes are cleaned too, which
-- vacuum else leaves out for a few rows. An operator's own options of a table stay, and the table waits for the
-- operator's vacuum.
create or replace function tend_erasure(receipt uuid, out waiting_for text, out visits_ended timestamptz)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp set lock_timeout = '5s'
as $$
declare
    r facestream.erasure_receipt;
    due text;
    counted constant interval := '1 minute'; -- by then, sessions have told the statistics what they did
begin
    select * into strict r from facestream.erasure_receipt e where e.id = receipt for update;
    if r.visits_ended is null and not exists (
        select from facestream.sighting s
        where s.change <> 'left' and s.first_appended_at <= r.erased_at
            and s.day between r.erased_at::date - 3 and r.erased_at::date)
    then
        r.visits_ended := clock_timestamp();
    end if;
    r.transactions := coalesce(r.transactions, array(
        select l.virtualxid from pg_locks l
        where l.locktype = 'virtualxid' and l.granted and l.pid <> pg_backend_pid()));
    if r.vacuumed_at is not null then
        waiting_for := null;
    elsif clock_timestamp() < r.erased_at + counted then
        waiting_for := 'vacuum';
    elsif exists (select from pg_locks l where l.virtualxid = any (r.transactions)) then
        waiting_for := 'transactions';
    else
        if r.vacuum_from is null then
            for due in select facestream.tables_to_vacuum(r.erased_at, 'infinity') loop
                if not exists (select from pg_class c, unnest(c.reloptions) o
                               where c.oid = to_regclass(format('facestream.%I', due))
                                   and o ~ '^(autovacuum_(vacuum|analyze|enabled)|vacuum_)') then
                    execute format('alter table facestream.%I set (autovacuum_vacuum_threshold = 0,
                        autovacuum_vacuum_scale_factor = 0, vacuum_index_cleanup = on,
                        autovacuum_analyze_threshold = 0, autovacuum_analyze_scale_factor = 0,
                        toast.autovacuum_vacuum_threshold = 0, toast.autovacuum_vacuum_scale_factor = 0,
                        toast.vacuum_index_cleanup = on)', due);
                end if;
            end loop;
            r.vacuum_from := clock_timestamp();
        end if;
        select string_agg(t, ', ') into waiting_for from facestream.tables_to_vacuum(r.erased_at, r.vacuum_from) t;
        if waiting_for is null then
            r.vacuumed_at := clock_timestamp();
        else
            waiting_for := 'vacuum of ' || waiting_for;
        end if;
    end if;
    update facestream.erasure_receipt e
    set transactions = r.transactions, vacuum_from = r.vacuum_from, vacuumed_at = r.vacuumed_at,
        visits_ended = r.visits_ended
    where e.id = receipt;
    visits_ended := r.visits_ended;
    if not exists (select from facestream.erasure_receipt e where e.vacuumed_at is null) then
        for due in
            select c.relname from pg_class c
            where c.relnamespace = 'facestream'::regnamespace and c.reloptions @> array[
                'autovacuum_vacuum_threshold=0', 'autovacuum_vacuum_scale_factor=0', 'vacuum_index_cleanup=on']
        loop
            execute format('alter table facestream.%I reset (autovacuum_vacuum_threshold,
                autovacuum_vacuum_scale_factor, vacuum_index_cleanup, autovacuum_analyze_threshold,
                autovacuum_analyze_scale_factor, toast.autovacuum_vacuum_threshold,
                toast.autovacuum_vacuum_scale_factor, toast.vacuum_index_cleanup)', due);
        end loop;
    end if;
end $$;

-- One row per erasure.
create or replace view erasures as
select r.id,
       r.erased_at,
       cardinality(r.people) as people,
       r.verified_at,
       r.waiting_for,
       (select max((t ->> 'goneBy')::timestamptz) from jsonb_array_elements(r.topics) t) as gone_by
from erasure_receipt r;

revoke all on function erasure_left(uuid), erasure_versions(uuid), erasable_tables(),
    tables_to_vacuum(timestamptz, timestamptz), tend_erasure(uuid) from public;
revoke all on erasures from public;
grant execute on function erasure_left(uuid) to facestream_curation, facestream_reader;
grant execute on function erasure_versions(uuid), tend_erasure(uuid) to facestream_curation;
grant select on erasures to facestream_curation, facestream_reader, facestream_web;
