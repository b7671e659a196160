-- How many of those whom a version is trained on were erased since, and of those that it comes from. What its parent has
-- learnt is in it too, and what a teacher has.
create or replace function erased_of_version(version text) returns bigint
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    with recursive line as (
        select v.version, v.parent, v.training_command
        from facestream.model_version v where v.version = erased_of_version.version
        union
        select p.version, p.parent, p.training_command
        from line l
            left join facestream.training_command c on c.id = l.training_command
            join facestream.model_version p on p.version in (l.parent, c.command ->> 'teacher'))
    select count(distinct p.name_hmac)
    from line l join facestream.training_person p on p.command_id = l.training_command
    where p.erased_at is not null
$$;
