-- The gallery: who is known, by which photos, as which points under which network.
-- The extension `vector` is there before (it takes a superuser, or a managed database's own way to switch it on).

create table identity (
    id         uuid        primary key default gen_random_uuid(),
    kind       text        not null check (kind in ('person', 'stranger')),
    name       text        check (length(name) between 1 and 256),
    metadata   jsonb       not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check (kind = 'stranger' or name is not null)
);
create unique index identity_person_name on identity (name) where kind = 'person';

create table face_sample (
    id               uuid        primary key default gen_random_uuid(),
    identity_id      uuid        not null references identity on delete cascade,
    sha256           bytea       not null unique check (length(sha256) = 32), -- of the photo: enrolling it twice changes nothing
    chip             bytea       not null,                                    -- the aligned face, PNG, 160x160
    enrolled         boolean     not null,                                    -- false below the quality gate: kept for training, not in the template
    quality          jsonb       not null,
    source_topic     text        not null,
    source_partition int         not null,
    source_offset    bigint      not null,
    expires_at       timestamptz,                                             -- strangers' chips only
    created_at       timestamptz not null default now()
);
alter table face_sample alter column chip set storage external; -- PNG does not compress again
create index face_sample_identity on face_sample (identity_id);

create table training_command (
    id          uuid        primary key,
    command     jsonb       not null,
    state       text        not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    lease_owner text,
    lease_until timestamptz,
    checkpoint  bytea,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);
alter table training_command alter column checkpoint set storage external;

create table model_version (
    version            text        primary key check (version ~ '^[a-z0-9][a-z0-9.-]{0,62}$'),
    architecture       text        not null,
    dimensions         int         not null check (dimensions between 1 and 2000), -- pgvector indexes no more
    input_side         int         not null check (input_side between 16 and 160), -- the chip's middle, in pixels
    mirror_averaging   boolean     not null,                                       -- of gallery samples
    status             text        not null check (status in ('candidate', 'active', 'standby', 'retired')),
    threshold          real        not null check (threshold between 0 and 2),     -- L2 of unit vectors
    separation         real        not null check (separation between 0 and 2),
    calibration        jsonb       not null default '{}',
    metrics            jsonb       not null default '{}',
    sha256             bytea       not null check (length(sha256) = 32),           -- of the weights
    parent             text        references model_version,
    training_command   uuid        references training_command,
    created_at         timestamptz not null default now()
);
create unique index model_version_one_active on model_version ((true)) where status = 'active';

create table model_weights (
    version text  primary key references model_version on delete cascade,
    weights bytea not null -- a TensorFlow SavedModel, zipped
);
alter table model_weights alter column weights set storage external;

-- Both are partitioned by model version: distances between points of different networks mean nothing.
create table face_embedding (
    model_version text   not null references model_version,
    sample_id     uuid   not null references face_sample on delete cascade,
    embedding     vector not null, -- unit length, averaged with the mirror image's where the version says so
    norm          real   not null, -- length before normalisation
    primary key (model_version, sample_id)
) partition by list (model_version);

create table template (
    model_version text        not null references model_version,
    identity_id   uuid        not null references identity on delete cascade,
    embedding     vector      not null, -- the normalised mean of the identity's enrolled samples
    samples       int         not null check (samples > 0),
    updated_at    timestamptz not null default now(),
    primary key (model_version, identity_id)
) partition by list (model_version);

-- Whose photos must not come back: every reader of labelled-faces skips photos appended before erased_at.
create table erasure (
    name_sha256 bytea       primary key check (length(name_sha256) = 32),
    erased_at   timestamptz not null default now()
);

-- Grows with every change of the gallery; an event carries the value in force.
create sequence gallery_revision;

-- The name of a version's partition of a partitioned table.
create function partition_name(of_table text, version text) returns text
    language sql immutable strict
    return left(of_table, 20) || '_' || left(md5(version), 16);

-- Makes the stand-alone tables of a version, to be loaded before they are attached: creating them as partitions
-- would lock the parent, and with it every match, while they are loaded and indexed.
create function create_model_partitions(version text, dimensions int) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    parent text;
begin
    foreach parent in array array['face_embedding', 'template'] loop
        execute format('create table facestream.%1$I (like facestream.%2$I including all, '
                           'check (model_version = %3$L), check (vector_dims(embedding) = %4$s))',
                       partition_name(parent, version), parent, version, dimensions);
    end loop;
end $$;

-- Indexes what was loaded and attaches it.
create function attach_model_partitions(version text) returns void
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
    execute format('create index on facestream.%I using hnsw ((embedding::vector(%s)) vector_l2_ops)',
                   partition_name('template', version), dimensions);
    foreach parent in array array['face_embedding', 'template'] loop
        execute format('alter table facestream.%I attach partition facestream.%I for values in (%L)',
                       parent, partition_name(parent, version), version);
    end loop;
end $$;

revoke all on function create_model_partitions(text, int), attach_model_partitions(text) from public;
