-- What the role `web` needs: keys of its callers, and a search that nobody does unseen. Its login writes no table, and reads no
-- template and no photo; it searches by a function that leaves a row in the audit trail.

do $$
begin
    if not exists (select from pg_roles where rolname = 'facestream_web') then
        create role facestream_web nologin;
    end if;
exception when insufficient_privilege then
    raise exception '% may not create roles: run "create role facestream_web;" as superuser, then migrate again', current_user;
end $$;

-- Who may call the REST API. A key is 32 random bytes, so that its bare SHA-256 cannot be guessed: salt and slow hashes are for
-- passwords, which people choose. No role reads the table; whoever has a key learns by use_key() what it allows.
create table api_key (
    id         uuid        primary key default gen_random_uuid(),
    name       text        not null check (length(name) between 1 and 100),
    role       text        not null check (role in ('viewer', 'operator', 'admin')),
    key_sha256 bytea       not null unique check (length(key_sha256) = 32),
    created_at timestamptz not null default now(),
    used_on    date,
    revoked_at timestamptz
);
create unique index api_key_name on api_key (name) where revoked_at is null;

comment on column api_key.used_on is 'the day of its latest use';
comment on index api_key_name is 'a revoked key''s name is free again';

-- 'search' is that a face was looked for among all people. Earlier migrations add actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check check (%s or action in (%L, %L, %L))',
                   allowed, 'add-key', 'revoke-key', 'search');
end $$;

create function audit_api_key() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, detail)
    values (case tg_op when 'INSERT' then 'add-key' else 'revoke-key' end,
            jsonb_build_object('key', new.id, 'keyName', new.name, 'role', new.role));
    return null;
end $$;
create trigger audit_addition after insert on api_key for each row execute function audit_api_key();
create trigger audit_revocation after update on api_key for each row
    when (new.revoked_at is distinct from old.revoked_at) execute function audit_api_key();

-- The key with that hash, and a note that it is in use today; no row where there is none, or it was revoked.
create function use_key(key_sha256 bytea) returns table (id uuid, name text, role text)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
#variable_conflict use_column
begin
    update facestream.api_key a set used_on = current_date
    where a.key_sha256 = use_key.key_sha256 and a.revoked_at is null and a.used_on is distinct from current_date;
    return query
        select a.id, a.name, a.role from facestream.api_key a
        where a.key_sha256 = use_key.key_sha256 and a.revoked_at is null;
end $$;

-- The k identities nearest to each probe, for whoever has that key and may search, and a row that they were looked for. Each row
-- has the gallery's revision; where a probe has no neighbours, the place of its only row is null. No row at all means that the key
-- may not search.
create function search_people(key_sha256 bytea, route text, version text, probes text[], k int)
    returns table (revision bigint, place int, identity_id uuid, name text, distance real)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
declare
    caller facestream.api_key;
    model facestream.model_version;
begin
    if k not between 1 and 1000 or cardinality(probes) not between 1 and 1000 or length(route) > 100 then
        raise exception 'a search is for 1 to 1000 faces, and for 1 to 1000 people each'
            using errcode = 'invalid_parameter_value';
    end if;
    select * into caller from facestream.api_key a
        where a.key_sha256 = search_people.key_sha256 and a.revoked_at is null and a.role in ('operator', 'admin');
    if not found then
        return;
    end if;
    select * into model from facestream.model_version v where v.version = search_people.version and v.removed_at is null;
    if not found then
        raise exception 'the gallery holds no model version %', search_people.version using errcode = 'no_data_found';
    end if;
    insert into facestream.audit_trail (action, model_version, detail)
    values ('search', model.version,
            jsonb_build_object('key', caller.id, 'keyName', caller.name, 'role', caller.role,
                               'route', search_people.route, 'faces', cardinality(probes)));
    perform set_config('hnsw.ef_search', facestream.search_candidates(model.version, k)::text, true);
    return query execute format(
        'select r.revision, n.place, n.identity_id, n.name, n.distance
         from (select case when is_called then last_value else 0 end as revision from facestream.gallery_revision) r
             left join (
                 select p.place::int, t.identity_id, i.name, t.distance::real
                 from unnest($1::vector[]) with ordinality as p(probe, place)
                     cross join lateral (
                         select t.identity_id, t.embedding::vector(%1$s) <-> p.probe::vector(%1$s) as distance
                         from facestream.template t
                         where t.model_version = %2$L
                         order by t.embedding::vector(%1$s) <-> p.probe::vector(%1$s)
                         limit %3$s) t
                     join facestream.identity i on i.id = t.identity_id) n on true
         order by n.place, n.distance, n.identity_id',
        model.dimensions, model.version, k)
    using probes;
end $$;

-- How many people could be named under a version, and how alike they are: the threshold follows from both.
create function gallery_size(version text) returns table (templates bigint, distance_shift real)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select (select count(*) from facestream.template t where t.model_version = gallery_size.version),
           (select m.distance_shift::real from facestream.gallery_measure m where m.model_version = gallery_size.version)
$$;

revoke all on function audit_api_key(), use_key(bytea), search_people(bytea, text, text, text[], int), gallery_size(text)
    from public;
grant usage on schema facestream to facestream_web;
grant select on flyway_schema_history, model_version, model_weights to facestream_web;
grant execute on function use_key(bytea), search_people(bytea, text, text, text[], int), gallery_size(text) to facestream_web;
