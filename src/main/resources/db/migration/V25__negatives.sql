-- "This is not that person": faces that are somebody else's than matching thought, and what people said of visits.
-- Written by the functions of R__negatives.sql, which the role curation calls.

-- A face that is not a person's, by its aligned chip. It goes with the person, and after a while
-- (facestream.negatives.keep).
create table negative (
    id          uuid        primary key,
    identity_id uuid        not null references identity on delete cascade,
    source      text        not null,
    event_id    text        not null,
    chip        bytea       not null check (octet_length(chip) between 1 and 262144),
    created_at  timestamptz not null default now(),
    unique (identity_id, source, event_id)
);
create index negative_by_age on negative (created_at);

comment on column negative.id is 'of the command';
comment on column negative.identity_id is 'who it is not, as was said; who was merged meanwhile is another one';
comment on column negative.source is 'of the face''s event, as its event_id';

-- Its vectors under every live version. Searches find them by person, so a merge moves them: identity_id is who the
-- person is now.
create table negative_embedding (
    model_version text   not null references model_version,
    identity_id   uuid   not null references identity on delete cascade,
    negative_id   uuid   not null references negative on delete cascade,
    embedding     vector not null,
    primary key (model_version, identity_id, negative_id)
);
create index negative_embedding_of on negative_embedding (negative_id);
create index negative_embedding_identity on negative_embedding (identity_id);

-- What people said of a visit: it is, or is not, that person's, whatever later messages of it say. It goes with the
-- person or the visit.
create table sighting_correction (
    source      text        not null,
    sighting_id text        not null,
    day         date        not null,
    identity_id uuid        not null references identity on delete cascade,
    is_theirs   boolean     not null,
    former_id   uuid        references identity on delete set null, -- whose it was before
    command_id  uuid        not null,
    created_at  timestamptz not null default now(),
    primary key (source, sighting_id, day, identity_id)
);
create index sighting_correction_of on sighting_correction (identity_id);
create index sighting_correction_former on sighting_correction (former_id) where former_id is not null;
create index sighting_correction_by on sighting_correction (command_id);

create function follow_merge() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    update facestream.negative_embedding e set identity_id = coalesce(new.merged_into, new.id)
    from facestream.negative g where g.id = e.negative_id and g.identity_id = new.id;
    return null;
end $$;
create trigger negatives_follow after update of merged_into on identity for each row
    when (new.merged_into is distinct from old.merged_into) execute function follow_merge();

-- What a version's removal leaves of it would be searched by nobody.
create function forget_removed_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    delete from facestream.negative_embedding e where e.model_version = new.version;
    return null;
end $$;
create trigger negatives_go after update of removed_at on model_version for each row
    when (new.removed_at is not null) execute function forget_removed_version();

-- Replaced by R__negatives.sql.
create function correct_visit() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    return new;
end $$;
-- Not where only a shot is settled: that leaves identity_id out.
create trigger correct_visit before insert or update of identity_id on sighting for each row
    execute function correct_visit();

revoke all on function follow_merge(), forget_removed_version(), correct_visit() from public;

-- Earlier migrations add actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check'
                   ' check (%s or action in (%L, %L))', allowed, 'not-this-person', 'name-visit');
end $$;
