-- People manage people: commands that are stored once, other names of a person, people who turn out to be one, tags,
-- and what it takes to undo. Written by the functions of R__curation.sql, which the role curation calls.

do $$
begin
    if not exists (select from pg_roles where rolname = 'facestream_curation') then
        create role facestream_curation nologin;
    end if;
exception when insufficient_privilege then
    raise exception '% may not create roles: run "create role facestream_curation;" as superuser, then migrate again',
        current_user;
end $$;

-- A person who turned out to be another one keeps the row, so that visits and alerts that have its id are that one's,
-- and are its own again if that is undone. It has no photos, and goes with the other one.
alter table identity
    add column merged_into uuid references identity on delete cascade,
    add column ignored     boolean not null default false, -- nobody is alerted about them
    add constraint merged_into_another check (merged_into <> id);
create index identity_merged_into on identity (merged_into) where merged_into is not null;

-- Names that a person had before: photos that are published under one are the person's.
create table identity_alias (
    name        text        primary key check (length(name) between 1 and 256), -- as plain_name() has it
    identity_id uuid        not null references identity on delete cascade,
    created_at  timestamptz not null default now()
);
create index identity_alias_of on identity_alias (identity_id);

create table identity_tag (
    identity_id uuid not null references identity on delete cascade,
    tag         text not null check (length(tag) between 1 and 64),
    primary key (identity_id, tag)
);
create index identity_tag_name on identity_tag (tag);

-- Who was erased, as ids that mean nothing any more: what still names one is told so.
create table erased_identity (
    id        uuid        primary key,
    erased_at timestamptz not null
);

-- A command is stored once and worked on by whoever holds its lease. What it says may name people, and is kept until it
-- has ended; its answer names nobody.
create table gallery_command (
    id           uuid        primary key,
    place        bigint      not null generated always as identity, -- commands are worked on in this order
    kind         text        not null,
    command      jsonb,
    requested_by text        check (length(requested_by) <= 256),
    state        text        not null default 'queued'
        check (state in ('queued', 'running', 'done', 'rejected', 'failed')),
    answer       jsonb,
    announced    boolean     not null default false,
    undone_by    uuid,
    lease_owner  text,
    lease_until  timestamptz,
    attempts     int         not null default 0,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    check ((state in ('queued', 'running')) = (command is not null)),
    check ((state in ('queued', 'running')) = (answer is null))
);
create unique index gallery_command_place on gallery_command (place);
create index gallery_command_open on gallery_command (place) where state in ('queued', 'running');
create index gallery_command_to_announce on gallery_command (updated_at) where answer is not null and not announced;

-- How it was before a command, a row for each photo or person that it changed. It goes with whom it is about.
create table gallery_undo (
    command_id  uuid not null references gallery_command on delete cascade,
    identity_id uuid not null references identity on delete cascade,
    sample_id   uuid references face_sample on delete cascade, -- whose it was: identity_id
    previous    uuid references identity on delete cascade,    -- of a person: into whom it was merged before
    name        text                                           -- of a person: its name before
);
create index gallery_undo_of_command on gallery_undo (command_id);
create index gallery_undo_of_identity on gallery_undo (identity_id);
create index gallery_undo_of_previous on gallery_undo (previous) where previous is not null;
create index gallery_undo_of_sample on gallery_undo (sample_id) where sample_id is not null;

-- Which command it was that somebody did something by.
alter table audit_trail
    add column command_id uuid default nullif(current_setting('facestream.command', true), '')::uuid,
    drop constraint audit_trail_action_check,
    add constraint audit_trail_action_check check (action in ('enrol', 'rename', 'reassign', 'delete-photo', 'delete',
        'erase', 'add-model', 'promote', 'roll-back', 'retire', 'export-model', 'show-shot', 'create', 'merge', 'undo',
        'tag', 'untag', 'ignore', 'unignore'));

grant usage on schema facestream to facestream_curation;
grant select on flyway_schema_history to facestream_curation;
grant select, insert, update, delete on gallery_command to facestream_curation;
