-- What writes the audit trail, facestream.audit_trail: triggers, in the transaction of what they tell of.
-- Each person is in it as facestream.trail_name(name): it outlives an erasure, and proves it.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

create or replace view audit as
select t.id,
       t.at,
       t.who,
       t.client,
       t.address,
       t.action as deed, -- its name before migration 18
       t.name_hmac,
       t.model_version,
       t.detail,
       t.action,
       t.command_id
from audit_trail t;

create or replace function audit_is_append_only() returns trigger
    language plpgsql
as $$
begin
    raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;

-- 'enrol' is also that a photo counts from now on, or no longer: its detail says which.
create or replace function audit_enrolment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'enrol', facestream.trail_name(i.name),
           jsonb_build_object('photo', format('%s-%s@%s', new.source_topic, new.source_partition, new.source_offset),
                              'enrolled', new.enrolled)
    from facestream.identity i where i.id = new.identity_id and i.kind = 'person';
    return null;
end $$;

-- The row is about who the photo is of now, and the detail says whose it was.
create or replace function audit_reassignment() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    values ('reassign',
            (select facestream.trail_name(i.name) from facestream.identity i where i.id = new.identity_id),
            jsonb_build_object('photo', format('%s-%s@%s', new.source_topic, new.source_partition, new.source_offset),
                'from', (select encode(facestream.trail_name(i.name), 'hex')
                         from facestream.identity i where i.id = old.identity_id)));
    return null;
end $$;

-- 'delete' is of a person, with or without an erasure; of 'rename' the row is about who it is now, and the detail says
-- who it was.
create or replace function audit_identity() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    if tg_op = 'DELETE' then
        insert into facestream.audit_trail (action, name_hmac) values ('delete', facestream.trail_name(old.name));
    else
        insert into facestream.audit_trail (action, name_hmac, detail)
        values ('rename', facestream.trail_name(new.name),
                jsonb_build_object('from', encode(facestream.trail_name(old.name), 'hex')));
    end if;
    return null;
end $$;

-- A photo that SQL deletes; the person's templates follow.
create or replace function photos_deleted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, name_hmac, detail)
    select 'delete-photo', facestream.trail_name(i.name),
           jsonb_build_object('photo', format('%s-%s@%s', g.source_topic, g.source_partition, g.source_offset))
    from gone g join facestream.identity i on i.id = g.identity_id
    where i.kind = 'person'
    order by i.id, g.id;
    perform facestream.follow_photos(array(select distinct g.identity_id from gone g));
    return null;
end $$;

-- Rolling back looks like a promotion in the table, so whoever does it sets facestream.action before. Builds from
-- before migration 18 set facestream.deed.
create or replace function audit_model_version() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit_trail (action, model_version, detail)
    values (case when tg_op = 'INSERT' then 'add-model'
                 when new.status = 'retired' then 'retire'
                 when 'roll-back' in (current_setting('facestream.action', true),
                                      current_setting('facestream.deed', true)) then 'roll-back'
                 else 'promote' end,
            new.version,
            jsonb_strip_nulls(jsonb_build_object('sha256', encode(new.sha256, 'hex'), 'parent', new.parent,
                                                 'trainingCommand', new.training_command)));
    return null;
end $$;

-- The weights, and a row that they were taken out; null where there are none.
create or replace function export_weights(version text) returns bytea
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    found bytea;
begin
    select w.weights into found from facestream.model_weights w where w.version = export_weights.version;
    if found is not null then
        insert into facestream.audit_trail (action, model_version) values ('export-model', export_weights.version);
    end if;
    return found;
end $$;
