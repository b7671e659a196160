-- What the REST API of the role web reads beside views. Whoever looks at a face leaves a row in the audit trail.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- The key with that hash, and a note that it is in use today; or whom a provider gave a token with that hash. No row
-- where there is none, it was revoked, or it is over.
create or replace function use_key(key_sha256 bytea) returns table (id uuid, name text, role text)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
#variable_conflict use_column
begin
    update facestream.api_key a set used_on = current_date
    where a.key_sha256 = use_key.key_sha256 and a.revoked_at is null and a.used_on is distinct from current_date;
    return query
        select a.id, a.name, a.role from facestream.api_key a
        where a.key_sha256 = use_key.key_sha256 and a.revoked_at is null
        union all
        select facestream.oidc_user(s.issuer, s.subject), 'oidc:' || s.subject, s.role
        from facestream.web_session s
        where s.token_sha256 = use_key.key_sha256 and s.api and s.expires_at > now();
end $$;

-- The face of a photo, a PNG, for whoever has that key; null where there is none.
create or replace function show_photo(key_sha256 bytea, sample uuid) returns bytea
    language sql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select facestream.photo_for(jsonb_build_object('key', k.id, 'keyName', k.name, 'role', k.role), show_photo.sample)
    from facestream.use_key(show_photo.key_sha256) k
$$;

-- The best shot of a person's visits that are kept, that with the longest embedding, a PNG, for whoever has that key;
-- null where there is none. It leaves a row that it was looked at, as look_at_shot does.
create or replace function show_best_shot(key_sha256 bytea, person uuid) returns bytea
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    viewer record;
    shot record;
begin
    select * into viewer from facestream.use_key(show_best_shot.key_sha256);
    if viewer.id is null then
        return null;
    end if;
    select t.chip, t.source, t.sighting_id, t.event_id, i.name into shot
    from facestream.sighting_shot t
        join facestream.sighting s on s.source = t.source and s.sighting_id = t.sighting_id and s.day = t.day
        join facestream.person p on p.id = t.identity_id
        join facestream.identity i on i.id = p.current_id
    where t.identity_id = any (facestream.one_with(array[show_best_shot.person]))
    order by case when s.best ->> 'eventId' = t.event_id then (s.best #>> '{quality,norm}')::real end desc nulls last,
             t.appended_at desc
    limit 1;
    if shot.chip is not null then
        perform facestream.record_shown_face(
            jsonb_build_object('key', viewer.id, 'keyName', viewer.name, 'role', viewer.role), shot.name,
            shot.source, shot.sighting_id, shot.event_id);
    end if;
    return shot.chip;
end $$;

-- The same of a stranger's chips.
create or replace function show_stranger(key_sha256 bytea, stranger uuid) returns bytea
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    viewer record;
    face record;
begin
    select * into viewer from facestream.use_key(show_stranger.key_sha256);
    if viewer.id is null then
        return null;
    end if;
    select c.id, c.chip, coalesce(i.merged_into, i.id) as stranger_id into face
    from facestream.stranger_chip c
        join facestream.identity i on i.id = c.identity_id
        left join facestream.model_version v on v.status = 'active'
        left join facestream.stranger_embedding e on e.model_version = v.version and e.chip_id = c.id
    where c.identity_id = any (facestream.one_with(array[show_stranger.stranger]))
    order by e.norm desc nulls last, c.id
    limit 1;
    if face.chip is not null then
        insert into facestream.audit_trail (action, detail)
        values ('show-stranger', jsonb_build_object('stranger', face.stranger_id, 'chip', face.id, 'key', viewer.id,
                                                    'keyName', viewer.name, 'role', viewer.role));
    end if;
    return face.chip;
end $$;

-- How far faces are from that of a photo, for whoever has that key and may search. Where there is no such photo, or
-- the version has not embedded it, the place of the only row is null. No row at all means that the key may not search.
create or replace function compare_with_photo(key_sha256 bytea, version text, sample uuid, probes text[])
    returns table (place int, distance real)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
declare
    caller record;
begin
    if cardinality(probes) not between 1 and 1000 then
        raise exception 'a photo is compared with 1 to 1000 faces' using errcode = 'invalid_parameter_value';
    end if;
    select * into caller from facestream.use_key(compare_with_photo.key_sha256) k where k.role in ('operator', 'admin');
    if caller.id is null then
        return;
    end if;
    insert into facestream.audit_trail (action, name_hmac, model_version, detail)
    select 'compare', facestream.trail_name(i.name), compare_with_photo.version,
           jsonb_build_object('key', caller.id, 'keyName', caller.name, 'role', caller.role,
                              'sample', s.id, 'faces', cardinality(probes))
    from facestream.face_sample s join facestream.identity i on i.id = s.identity_id
    where s.id = compare_with_photo.sample and i.kind = 'person';
    if not found then
        return query select null::int, null::real;
        return;
    end if;
    return query
        select p.place::int, (e.embedding <-> p.probe)::real
        from (select 1) always
            left join facestream.face_embedding e
                on e.model_version = compare_with_photo.version and e.sample_id = compare_with_photo.sample
            left join unnest(probes::vector[]) with ordinality as p(probe, place) on e.sample_id is not null
        order by p.place;
end $$;

-- The gallery's revision: whoever reads after this sees every change that was told to be of it or of an earlier one.
create or replace function revision_now() returns bigint
    language sql stable security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select case when is_called then last_value else 0 end from facestream.gallery_revision
$$;

-- What became of a gallery command. An answer names nobody; it is null until there is one.
create or replace function command_answer(id uuid) returns table (state text, answer jsonb)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select c.state, c.answer from facestream.gallery_command c where c.id = command_answer.id
$$;

-- Training commands, the latest first.
create or replace function training_runs(most int)
    returns table (id uuid, kind text, state text, base text, version text, epochs int, objection text,
                   created_at timestamptz, updated_at timestamptz)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select c.id, c.kind, c.state, c.version,
           (select v.version from facestream.model_version v where v.training_command = c.id limit 1),
           coalesce(jsonb_array_length(c.epochs -> 'epochs'), 0), c.objection, c.created_at, c.updated_at
    from facestream.training_command c
    order by c.created_at desc, c.id limit least(training_runs.most, 1000)
$$;

revoke all on function show_photo(bytea, uuid), show_best_shot(bytea, uuid), show_stranger(bytea, uuid),
    compare_with_photo(bytea, text, uuid, text[]), revision_now(), command_answer(uuid), training_runs(int) from public;
grant execute on function show_photo(bytea, uuid), show_best_shot(bytea, uuid), show_stranger(bytea, uuid),
    compare_with_photo(bytea, text, uuid, text[]), revision_now(), command_answer(uuid), training_runs(int)
    to facestream_web;
