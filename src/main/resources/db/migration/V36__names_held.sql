-- Every name that somebody has had, for an erasure to fence: also one that was given by mistake and taken back, and one
-- that somebody else had meanwhile. Photos that were published under it were the person's. Nothing is found by it.
create table identity_name (
    identity_id uuid not null references identity on delete cascade,
    name        text not null, -- as plain_name() has it
    primary key (identity_id, name)
);
alter table identity_name alter name set statistics 0; -- as in migration 27

create function note_name() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.identity_name (identity_id, name) values (new.id, facestream.plain_name(new.name))
    on conflict do nothing;
    return null;
end $$;
create trigger note_name after insert or update of name on identity for each row
    when (new.name is not null) execute function note_name();
revoke all on function note_name() from public;

insert into identity_name (identity_id, name)
select i.id, plain_name(i.name) from identity i where i.name is not null
union
select a.identity_id, a.name from identity_alias a
union
select u.identity_id, plain_name(u.name) from gallery_undo u where u.name is not null;

-- Embedding the gallery under a new version locks each photo, and whoever locks a row needs the right to change it.
-- The update is for the lock alone. Logins that have the role of enrolment too had it.
grant update (created_at) on face_sample to facestream_training;

-- The planner's samples of a table that became empty stay for ever. Nothing is planned by those of vectors, so there
-- are none from here on, as there are none of names. A column that gets its type again loses those that it has: but for
-- templates, which a view shows, so that what is there of them is renewed by each analysis as before.
alter table face_embedding alter embedding type vector;
alter table negative_embedding alter embedding type vector;
alter table stranger_embedding alter embedding type vector;
alter table stranger_template alter embedding type vector;

-- The same for the index that searches it.
create function take_no_samples(of_vectors regclass) returns void
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    searched regclass;
begin
    execute format('alter table %s alter embedding set statistics 0', of_vectors);
    for searched in select x.indexrelid from pg_index x where x.indrelid = of_vectors and x.indexprs is not null loop
        execute format('alter index %s alter 1 set statistics 0', searched);
    end loop;
end $$;
revoke all on function take_no_samples(regclass) from public;

select take_no_samples(p.relid)
from unnest(array['face_embedding', 'negative_embedding', 'stranger_embedding', 'stranger_template']) t(name),
    lateral (select r.relid from pg_partition_tree(t.name::regclass) r
             union select t.name::regclass) p;

-- As in migration 26, but without samples.
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
        perform facestream.take_no_samples(format('facestream.%I', partition_name(parent, version))::regclass);
        execute format('alter table facestream.%I attach partition facestream.%I for values in (%L)',
                       parent, partition_name(parent, version), version);
    end loop;
end $$;
