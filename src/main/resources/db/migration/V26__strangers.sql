-- Passers-by who match nobody and are kept for a while, so that they are known again when they come back. They have
-- tables of their own: nothing that is counted, measured or searched of people sees them. Written by the functions of
-- R__strangers.sql and R__curation.sql, which the role curation calls.

-- A stranger is an identity without a name. Naming one makes it a person, and its visits follow, since they go by
-- identity; the row here stays until then that it would have gone, so that the naming can be undone.
create table stranger (
    identity_id uuid        primary key references identity on delete cascade,
    kept_at     timestamptz not null default now(),
    expires_at  timestamptz not null
);
create index stranger_expiry on stranger (expires_at);

create table stranger_chip (
    id               uuid        primary key default gen_random_uuid(),
    identity_id      uuid        not null references identity on delete cascade,
    sha256           bytea       not null unique check (length(sha256) = 32), -- of the chip
    chip             bytea       not null check (octet_length(chip) between 1 and 262144), -- the aligned face, PNG
    quality          jsonb       not null,
    source_topic     text        not null,
    source_partition int         not null,
    source_offset    bigint      not null,
    created_at       timestamptz not null default now()
);
alter table stranger_chip alter column chip set storage external; -- PNG does not compress again
create index stranger_chip_identity on stranger_chip (identity_id);

create table stranger_embedding (
    model_version text   not null references model_version,
    chip_id       uuid   not null references stranger_chip on delete cascade,
    embedding     vector not null, -- unit length
    norm          real   not null, -- length before normalisation
    primary key (model_version, chip_id)
) partition by list (model_version);
create index stranger_embedding_chip on stranger_embedding (chip_id);

create table stranger_template (
    model_version text        not null references model_version,
    identity_id   uuid        not null references identity on delete cascade,
    embedding     vector      not null, -- the normalised mean of the stranger's chips
    chips         int         not null check (chips > 0),
    updated_at    timestamptz not null default now(),
    primary key (model_version, identity_id)
) partition by list (model_version);
create index stranger_template_identity on stranger_template (identity_id);

-- Visits that were told of as nobody's before their stranger was kept.
create table stranger_visit (
    source      text        not null,
    sighting_id text        not null,
    identity_id uuid        not null references identity on delete cascade,
    created_at  timestamptz not null default now(),
    primary key (source, sighting_id)
);
create index stranger_visit_identity on stranger_visit (identity_id);
create index stranger_visit_age on stranger_visit (created_at);

create function visit_of_stranger() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    select v.identity_id into new.identity_id from facestream.stranger_visit v
    where v.source = new.source and v.sighting_id = new.sighting_id;
    if new.identity_id is not null then
        new.kind := 'stranger';
    end if;
    return new;
end $$;
create trigger visit_is_of_stranger before insert or update on sighting for each row
    when (new.identity_id is null and new.kind = 'unknown')
    execute function visit_of_stranger();
revoke all on function visit_of_stranger() from public;

-- The tables that have a partition for each model version.
create function model_tables() returns text[]
    language sql stable
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select array_agg(c.relname::text order by c.relname)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'model_version' and not a.attisdropped
    where c.relnamespace = 'facestream'::regnamespace and c.relkind = 'p'
$$;
revoke all on function model_tables() from public;

-- As in migration 1, for all of them.
create or replace function create_model_partitions(version text, dimensions int) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    parent text;
begin
    foreach parent in array facestream.model_tables() loop
        execute format('create table facestream.%1$I (like facestream.%2$I including all, '
                           'check (model_version = %3$L), check (vector_dims(embedding) = %4$s))',
                       partition_name(parent, version), parent, version, dimensions);
    end loop;
end $$;

create or replace function attach_model_partitions(version text) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    dimensions int;
    parent text;
begin
    select v.dimensions into dimensions from facestream.model_version v
        where v.version = attach_model_partitions.version;
    if dimensions is null then
        raise exception 'no model version %', version using errcode = 'no_data_found';
    end if;
    foreach parent in array array['template', 'stranger_template'] loop
        execute format('create index on facestream.%I using hnsw ((embedding::vector(%s)) vector_l2_ops)',
                       partition_name(parent, version), dimensions);
    end loop;
    foreach parent in array facestream.model_tables() loop
        execute format('alter table facestream.%I attach partition facestream.%I for values in (%L)',
                       parent, partition_name(parent, version), version);
    end loop;
end $$;

do $$
declare
    model record;
    parent text;
begin
    for model in select v.version, v.dimensions from facestream.model_version v where v.removed_at is null loop
        foreach parent in array array['stranger_embedding', 'stranger_template'] loop
            execute format('create table facestream.%1$I partition of facestream.%2$I '
                               '(check (vector_dims(embedding) = %4$s)) for values in (%3$L)',
                           facestream.partition_name(parent, model.version), parent, model.version, model.dimensions);
        end loop;
        execute format('create index on facestream.%I using hnsw ((embedding::vector(%s)) vector_l2_ops)',
                       facestream.partition_name('stranger_template', model.version), model.dimensions);
    end loop;
end $$;

do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check'
                   ' check (%s or action in (%L, %L, %L, %L))',
                   allowed, 'keep-stranger', 'extend', 'discard', 'show-stranger');
end $$;

grant select on stranger_template to facestream_matching;
