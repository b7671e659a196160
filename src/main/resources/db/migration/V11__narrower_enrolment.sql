-- Enrolment may change no more of a row than it does, and the audit trail has every way to change who somebody is.

-- Nobody is renamed by it, no photo moved to another person. The update of identities is for the lock, and for when they changed.
revoke update on identity, face_sample, template from facestream_enrolment;
grant update (updated_at) on identity to facestream_enrolment;
grant update (enrolled) on face_sample to facestream_enrolment;
grant update (embedding, samples, updated_at) on template to facestream_enrolment;

-- For SQL by hand too. 'enrol' is also that a photo counts from now on, or no longer: its detail says which. 'delete' is of a person,
-- with or without an erasure; of 'rename' and 'reassign' the row is about who it is now, and the detail says who it was.
alter table audit drop constraint audit_deed_check;
alter table audit add constraint audit_deed_check check (deed in ('enrol', 'rename', 'reassign', 'delete', 'erase',
    'add-model', 'promote', 'roll-back', 'retire', 'export-model'));

create trigger audit_enrolled after update on face_sample for each row
    when (new.enrolled is distinct from old.enrolled)
    execute function audit_enrolment();

create function audit_reassignment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit (deed, name_sha256, detail)
    values ('reassign',
            (select sha256(convert_to(i.name, 'UTF8')) from facestream.identity i where i.id = new.identity_id),
            jsonb_build_object('photo', format('%s-%s@%s', new.source_topic, new.source_partition, new.source_offset),
                'from', (select encode(sha256(convert_to(i.name, 'UTF8')), 'hex')
                         from facestream.identity i where i.id = old.identity_id)));
    return null;
end $$;
create trigger audit_reassignment after update on face_sample for each row
    when (new.identity_id is distinct from old.identity_id)
    execute function audit_reassignment();

create function audit_identity() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    if tg_op = 'DELETE' then
        insert into facestream.audit (deed, name_sha256) values ('delete', sha256(convert_to(old.name, 'UTF8')));
    else
        insert into facestream.audit (deed, name_sha256, detail)
        values ('rename', sha256(convert_to(new.name, 'UTF8')),
                jsonb_build_object('from', encode(sha256(convert_to(old.name, 'UTF8')), 'hex')));
    end if;
    return null;
end $$;
-- A stranger who gets a name is renamed, and a person who becomes a stranger.
create trigger audit_rename after update on identity for each row
    when (new.name is distinct from old.name or new.kind is distinct from old.kind)
    execute function audit_identity();
create trigger audit_deletion after delete on identity for each row
    when (old.kind = 'person')
    execute function audit_identity();

revoke all on function audit_reassignment(), audit_identity() from public;
