-- A person's template is the mean of the photos that count, also where SQL deletes one, moves it to somebody else, or has it count no
-- longer: it is computed anew under every version that has vectors, and goes with the last photo.

-- By a photo or a person alone, as deletions look for them; the primary keys begin with the version.
create index face_embedding_sample on face_embedding (sample_id);
create index template_identity on template (identity_id);

-- Of identities that are still there: what is deleted with its person needs nothing.
create function follow_photos(identities uuid[]) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    there uuid[];
begin
    -- As enrolment locks them, in one order: of two transactions the later one sees what both have done.
    there := array(select l.id from (select i.id from facestream.identity i where i.id = any (identities)
                                     order by i.id for update) l);
    if there = '{}' then
        return;
    end if;
    delete from facestream.template t
    where t.identity_id = any (there) and not exists (
        select from facestream.face_sample s join facestream.face_embedding e on e.sample_id = s.id
        where s.identity_id = t.identity_id and s.enrolled and e.model_version = t.model_version);
    perform facestream.compute_templates(there);
    update facestream.identity i set updated_at = now() where i.id = any (there);
    perform nextval('facestream.gallery_revision');
end $$;

create function photos_deleted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    insert into facestream.audit (deed, name_hmac, detail)
    select 'delete-photo', facestream.trail_name(i.name),
           jsonb_build_object('photo', format('%s-%s@%s', g.source_topic, g.source_partition, g.source_offset))
    from gone g join facestream.identity i on i.id = g.identity_id
    where i.kind = 'person'
    order by i.id, g.id;
    perform facestream.follow_photos(array(select distinct g.identity_id from gone g));
    return null;
end $$;
create trigger follow_deletion after delete on face_sample referencing old table as gone
    for each statement execute function photos_deleted();

create function photos_changed() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    perform facestream.follow_photos(array(
        select unnest(array[b.identity_id, a.identity_id])
        from photos_before b join photos_after a on a.id = b.id
        where a.identity_id <> b.identity_id or a.enrolled <> b.enrolled));
    return null;
end $$;
create trigger follow_change after update on face_sample referencing old table as photos_before new table as photos_after
    for each statement execute function photos_changed();

-- Vectors that are deleted without their photos; of a deleted photo nothing is left here to be found.
create function vectors_deleted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    perform facestream.follow_photos(array(
        select distinct s.identity_id from gone g join facestream.face_sample s on s.id = g.sample_id));
    return null;
end $$;
create trigger follow_deletion after delete on face_embedding referencing old table as gone
    for each statement execute function vectors_deleted();

-- TRUNCATE tells no trigger which rows go: templates would stay, and the trail would have no row.
create function not_truncated() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'facestream.% is not truncated, for templates and audit trail follow deletions only: delete its rows', tg_table_name
        using errcode = 'feature_not_supported', hint = format('delete from facestream.%I', tg_table_name);
end $$;
create trigger not_truncated before truncate on identity for each statement execute function not_truncated();
create trigger not_truncated before truncate on face_sample for each statement execute function not_truncated();
create trigger not_truncated before truncate on face_embedding for each statement execute function not_truncated();

revoke all on function follow_photos(uuid[]), photos_deleted(), photos_changed(), vectors_deleted(), not_truncated() from public;
