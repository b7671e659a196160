-- Who did what, and when: written by triggers in the deed's own transaction, so that there is neither a deed without its row nor a
-- row without its deed. Nobody may change or delete a row, its owner neither; for people who read it:
--   grant select on facestream.audit to NAME;
-- A person is the SHA-256 of the name, as in the table `erasure`: the trail outlives an erasure, and proves it.
create table audit (
    id            bigint      generated always as identity primary key,
    at            timestamptz not null default now(),
    who           text        not null default session_user,                       -- the database's login
    client        text        not null default current_setting('application_name'), -- as the client calls itself
    address       inet        default inet_client_addr(),
    deed          text        not null
        check (deed in ('enrol', 'erase', 'add-model', 'promote', 'roll-back', 'retire', 'export-model')),
    name_sha256   bytea       check (length(name_sha256) = 32),
    model_version text,
    detail        jsonb       not null default '{}'
);
create index audit_name on audit (name_sha256) where name_sha256 is not null;

create function audit_is_append_only() returns trigger
    language plpgsql
as $$
begin
    raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();

create function audit_enrolment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit (deed, name_sha256, detail)
    select 'enrol', sha256(convert_to(i.name, 'UTF8')),
           jsonb_build_object('photo', format('%s-%s@%s', new.source_topic, new.source_partition, new.source_offset),
                              'enrolled', new.enrolled)
    from facestream.identity i where i.id = new.identity_id and i.kind = 'person';
    return null;
end $$;
create trigger audit after insert on face_sample for each row execute function audit_enrolment();

create function audit_erasure() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit (deed, name_sha256) values ('erase', new.name_sha256);
    return null;
end $$;
create trigger audit after insert or update on erasure for each row execute function audit_erasure();

-- Rolling back says so in facestream.deed, for in the table it looks like a promotion.
create function audit_model_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit (deed, model_version, detail)
    values (case when tg_op = 'INSERT' then 'add-model'
                 when new.status = 'retired' then 'retire'
                 when current_setting('facestream.deed', true) = 'roll-back' then 'roll-back'
                 else 'promote' end,
            new.version,
            jsonb_strip_nulls(jsonb_build_object('sha256', encode(new.sha256, 'hex'), 'parent', new.parent,
                                                 'trainingCommand', new.training_command)));
    return null;
end $$;
create trigger audit_addition after insert on model_version for each row execute function audit_model_version();
create trigger audit_change after update on model_version for each row
    when (new.status is distinct from old.status and new.status in ('active', 'retired'))
    execute function audit_model_version();

-- The weights, and a row that they were taken out; null where there are none.
create function export_weights(version text) returns bytea
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    found bytea;
begin
    select w.weights into found from facestream.model_weights w where w.version = export_weights.version;
    if found is not null then
        insert into facestream.audit (deed, model_version) values ('export-model', export_weights.version);
    end if;
    return found;
end $$;

revoke all on function export_weights(text), audit_is_append_only(), audit_enrolment(), audit_erasure(), audit_model_version()
    from public;
