-- What the page of the role web reads and does: sign-in, visits, people and their pictures. Whoever looks at a face
-- leaves a row in the audit trail.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- Where wrong passwords are counted: 0 for a name, which may have 100 in 5 minutes, 1 for a name from one address,
-- which may have 10. So nobody is locked out by one other machine.
create or replace function sign_in_place(kind int, who text) returns int
    language sql immutable strict
as $$
    select kind * 4096 + get_byte(hash, 0) * 16 + get_byte(hash, 1) / 16
    from (select sha256(convert_to(who, 'UTF8')) as hash) h
$$;

create or replace function sign_in_places(name text, address text) returns table (place int, most int)
    language sql immutable strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
    values (facestream.sign_in_place(0, name), 100), (facestream.sign_in_place(1, name || ' ' || address), 10)
$$;

-- How a password of that user is stretched; as well for names that nobody has, so that nobody learns who there is. No
-- row while there were too many wrong ones.
create or replace function password_salt(name text, address text) returns table (salt bytea, rounds int)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select coalesce(u.salt,
                    substr(facestream.name_hmac('salt', sha256(convert_to(password_salt.name, 'UTF8'))), 1, 16)),
           coalesce(u.rounds, (select max(o.rounds) from facestream.web_user o), 210000)
    from (select 1) always left join facestream.web_user u on u.name = password_salt.name
    where not exists (
        select from facestream.sign_in_places(password_salt.name, password_salt.address) p
            join facestream.sign_in_failure f on f.place = p.place
        where f.failures >= p.most and f.since > clock_timestamp() - interval '5 minutes')
$$;

-- Opens a session of that token. False if the password is wrong or there were too many wrong ones. Guesses at one name
-- come one after another, since the rows that count them are locked first. The user's row is locked too: a session of
-- an old password is there before that password ends, and ends with it.
create or replace function sign_in(name text, address text, password_key bytea, token_sha256 bytea, valid interval)
    returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
#variable_conflict use_column
declare
    counted record;
    signed_in facestream.web_user;
begin
    if valid not between interval '1 minute' and interval '400 days' then
        raise exception 'a session lasts a minute to 400 days' using errcode = 'invalid_parameter_value';
    end if;
    for counted in select * from facestream.sign_in_places(sign_in.name, sign_in.address) order by place loop
        insert into facestream.sign_in_failure as f (place, since, failures)
        values (counted.place, clock_timestamp(), 0)
        on conflict (place) do update set
            failures = case when f.since > clock_timestamp() - interval '5 minutes' then f.failures else 0 end,
            since = case when f.since > clock_timestamp() - interval '5 minutes' then f.since
                         else clock_timestamp() end;
        if (select f.failures from facestream.sign_in_failure f where f.place = counted.place) >= counted.most then
            return false;
        end if;
    end loop;
    select * into signed_in from facestream.web_user u
    where u.name = sign_in.name and u.key_sha256 = sha256(sign_in.password_key) for share;
    if signed_in.id is null then
        -- A row when a name is locked, not of each wrong password. Who is no user is not named: it may be a password.
        with wrong as (
            update facestream.sign_in_failure f set failures = f.failures + 1
            from facestream.sign_in_places(sign_in.name, sign_in.address) p where f.place = p.place
            returning f.failures = p.most as locked)
        insert into facestream.audit_trail (action, detail)
        select 'refuse-sign-in',
               jsonb_strip_nulls(jsonb_build_object('user', u.id, 'userName', u.name, 'from', sign_in.address))
        from (select 1) one left join facestream.web_user u on u.name = sign_in.name
        where exists (select from wrong w where w.locked);
        return false;
    end if;
    delete from facestream.sign_in_failure f
    using facestream.sign_in_places(sign_in.name, sign_in.address) p where f.place = p.place;
    delete from facestream.web_session s where s.expires_at <= now() and coalesce(s.ends_at <= now(), true);
    insert into facestream.web_session (token_sha256, user_id, expires_at)
    values (sign_in.token_sha256, signed_in.id, now() + valid);
    insert into facestream.audit_trail (action, detail)
    values ('sign-in', jsonb_build_object('user', signed_in.id, 'userName', signed_in.name, 'role', signed_in.role));
    return true;
end $$;

-- The id of somebody whom a provider vouches for, the same each time. There is no user of that id.
create or replace function oidc_user(issuer text, subject text) returns uuid
    language sql immutable strict
as $$
    select md5(length(issuer) || ' ' || issuer || subject)::uuid
$$;

-- Opens a session of that token for somebody whom a provider vouches for, or gives one of the API its role of now.
-- False if the owner does not trust the provider.
create or replace function sign_in_by_oidc(token_sha256 bytea, issuer text, subject text, shown text, role text,
                                           api boolean, expires_at timestamptz)
    returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
#variable_conflict use_column
begin
    if sign_in_by_oidc.expires_at > now() + interval '400 days' then
        raise exception 'a session lasts at most 400 days' using errcode = 'invalid_parameter_value';
    end if;
    perform from facestream.oidc_issuer i where i.issuer = sign_in_by_oidc.issuer for key share;
    if not found then
        return false;
    end if;
    delete from facestream.web_session s where s.expires_at <= now() and coalesce(s.ends_at <= now(), true);
    insert into facestream.web_session as s (token_sha256, issuer, subject, shown, role, api, expires_at)
    values (sign_in_by_oidc.token_sha256, sign_in_by_oidc.issuer, sign_in_by_oidc.subject, sign_in_by_oidc.shown,
            sign_in_by_oidc.role, sign_in_by_oidc.api, sign_in_by_oidc.expires_at)
    on conflict (token_sha256) do update set role = excluded.role where s.api and excluded.api;
    insert into facestream.audit_trail (action, detail)
    values ('sign-in', jsonb_build_object(
        'user', facestream.oidc_user(sign_in_by_oidc.issuer, sign_in_by_oidc.subject),
        'userName', 'oidc:' || sign_in_by_oidc.subject, 'shownAs', sign_in_by_oidc.shown,
        'issuer', sign_in_by_oidc.issuer, 'role', sign_in_by_oidc.role, 'api', sign_in_by_oidc.api));
    return true;
end $$;

-- Whose session it is; no row once it is over, its user was removed, or its provider is no longer trusted. Whoever
-- signed in by a provider is called by what identifies them there: what the provider shows may be anybody's name.
drop function if exists use_session(bytea);
create function use_session(token_sha256 bytea) returns table (id uuid, name text, role text, shown text)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select coalesce(u.id, facestream.oidc_user(s.issuer, s.subject)), coalesce(u.name, 'oidc:' || s.subject),
           coalesce(u.role, s.role), coalesce(u.name, s.shown)
    from facestream.web_session s left join facestream.web_user u on u.id = s.user_id
    where s.token_sha256 = use_session.token_sha256 and s.expires_at > now() and not s.api
$$;

-- Keeps what a provider renews a session by, encrypted, and until when it may.
create or replace function seal_session(token_sha256 bytea, sealed bytea, ends_at timestamptz) returns void
    language sql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    update facestream.web_session s
    set sealed = seal_session.sealed, ends_at = least(seal_session.ends_at, s.opened_at + interval '400 days')
    where s.token_sha256 = seal_session.token_sha256 and s.issuer is not null and not s.api
$$;

-- Who renews a session whose time is up. The first who asks gets what it is renewed by, since some providers take that
-- once; ten seconds later the next one gets it, should the first have died. Others get a row without it, which says
-- whether the session is open. No row if it cannot be renewed.
create or replace function claim_renewal(token_sha256 bytea) returns table (open boolean, sealed bytea)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
#variable_conflict use_column
begin
    return query
        update facestream.web_session s set renewing_until = clock_timestamp() + interval '10 s'
        where s.token_sha256 = claim_renewal.token_sha256 and s.expires_at <= now() and s.ends_at > now()
            and (s.renewing_until is null or s.renewing_until <= clock_timestamp())
        returning false, s.sealed;
    if not found then
        return query
            select s.expires_at > now(), null::bytea from facestream.web_session s
            where s.token_sha256 = claim_renewal.token_sha256 and s.ends_at > now();
    end if;
end $$;

-- The provider could not be asked: whoever comes next asks again.
create or replace function release_renewal(token_sha256 bytea) returns void
    language sql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    update facestream.web_session s set renewing_until = null where s.token_sha256 = release_renewal.token_sha256
$$;

-- What a provider says of somebody now. False if the session was ended meanwhile, or is somebody else's.
create or replace function renew_session(token_sha256 bytea, issuer text, subject text, shown text, role text,
                                         expires_at timestamptz, sealed bytea)
    returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
#variable_conflict use_column
declare
    before facestream.web_session;
begin
    select * into before from facestream.web_session s
    where s.token_sha256 = renew_session.token_sha256 and s.issuer = renew_session.issuer
        and s.subject = renew_session.subject and s.ends_at > now()
    for update;
    if not found then
        return false;
    end if;
    update facestream.web_session s
    set shown = renew_session.shown, role = renew_session.role, sealed = renew_session.sealed, renewing_until = null,
        expires_at = least(renew_session.expires_at, s.ends_at)
    where s.token_sha256 = renew_session.token_sha256;
    if before.role <> renew_session.role then
        insert into facestream.audit_trail (action, detail)
        values ('sign-in', jsonb_build_object(
            'user', facestream.oidc_user(before.issuer, before.subject), 'userName', 'oidc:' || before.subject,
            'shownAs', renew_session.shown, 'issuer', before.issuer, 'role', renew_session.role, 'api', false,
            'renewed', true));
    end if;
    return true;
end $$;

-- Ends a session. What its provider renewed it by, if there is such a thing.
drop function if exists sign_out(bytea);
create function sign_out(token_sha256 bytea) returns bytea
    language sql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    delete from facestream.web_session s where s.token_sha256 = sign_out.token_sha256 returning s.sealed
$$;

-- Leaves a row that this viewer looked at a face of a visit of somebody with that name, which may be null.
create or replace function record_shown_face(viewer jsonb, name text, source text, sighting_id text, event_id text)
    returns void
    language sql
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    insert into facestream.audit_trail (action, name_hmac, detail)
    values ('show-shot', facestream.trail_name(record_shown_face.name),
            viewer || jsonb_build_object('source', source, 'sighting', sighting_id, 'event', event_id))
$$;

-- The chip of a visit's best shot, a PNG, for whoever has that session, and a row that it was looked at; null where
-- there is none.
create or replace function look_at_shot(token_sha256 bytea, source text, sighting_id text) returns bytea
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    viewer record;
    shot record;
begin
    select * into viewer from facestream.use_session(look_at_shot.token_sha256);
    if viewer.id is null then
        return null;
    end if;
    select t.chip, t.event_id, i.name into shot
    from facestream.sighting_shot t left join facestream.identity i on i.id = t.identity_id
    where t.source = look_at_shot.source and t.sighting_id = look_at_shot.sighting_id
    order by t.day desc limit 1;
    if shot.chip is not null then
        perform facestream.record_shown_face(
            jsonb_build_object('user', viewer.id, 'userName', viewer.name, 'role', viewer.role), shot.name,
            look_at_shot.source, look_at_shot.sighting_id, shot.event_id);
    end if;
    return shot.chip;
end $$;

-- Leaves a row that whoever has that session looks at a visit's best view, which lies on a topic; false where there is
-- no such session or visit.
create or replace function look_at_face(token_sha256 bytea, source text, sighting_id text) returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    viewer record;
    face record;
begin
    select * into viewer from facestream.use_session(look_at_face.token_sha256);
    select i.name, s.best ->> 'eventId' as event_id, s.source into face
    from facestream.sighting s left join facestream.identity i on i.id = s.identity_id
    where s.source = look_at_face.source and s.sighting_id = look_at_face.sighting_id
    order by s.day desc limit 1;
    if viewer.id is null or face.source is null then
        return false;
    end if;
    perform facestream.record_shown_face(
        jsonb_build_object('user', viewer.id, 'userName', viewer.name, 'role', viewer.role), face.name,
        look_at_face.source, look_at_face.sighting_id, face.event_id);
    return true;
end $$;

-- The face of a photo, a PNG, and a row that this viewer looked at it; null where there is none.
create or replace function photo_for(viewer jsonb, sample uuid) returns bytea
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    photo record;
begin
    select s.chip, i.name into photo
    from facestream.face_sample s join facestream.identity i on i.id = s.identity_id
    where s.id = photo_for.sample and i.kind = 'person';
    if photo.chip is not null then
        insert into facestream.audit_trail (action, name_hmac, detail)
        values ('show-photo', facestream.trail_name(photo.name),
                photo_for.viewer || jsonb_build_object('sample', photo_for.sample));
    end if;
    return photo.chip;
end $$;

-- The same for whoever has that session.
create or replace function look_at_photo(token_sha256 bytea, sample uuid) returns bytea
    language sql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select facestream.photo_for(jsonb_build_object('user', s.id, 'userName', s.name, 'role', s.role),
                                look_at_photo.sample)
    from facestream.use_session(look_at_photo.token_sha256) s
$$;

-- The people whose templates are nearest to a person's, for whoever has that session and may search, and a row that
-- they were looked for.
create or replace function look_alike(token_sha256 bytea, person uuid, k int)
    returns table (person_id uuid, name text, distance real)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
declare
    viewer record;
    model facestream.model_version;
    probe vector;
begin
    if k not between 1 and 100 then
        raise exception '1 to 100 people may look alike' using errcode = 'invalid_parameter_value';
    end if;
    select * into viewer from facestream.use_session(look_alike.token_sha256) u where u.role in ('operator', 'admin');
    select * into model from facestream.model_version v where v.status = 'active';
    select t.embedding into probe from facestream.template t
    where t.model_version = model.version and t.identity_id = look_alike.person;
    if viewer.id is null or probe is null then
        return;
    end if;
    insert into facestream.audit_trail (action, name_hmac, model_version, detail)
    select 'search', facestream.trail_name(i.name), model.version,
           jsonb_build_object('user', viewer.id, 'userName', viewer.name, 'role', viewer.role,
                              'route', '/people', 'faces', 1)
    from facestream.identity i where i.id = look_alike.person;
    perform set_config('hnsw.ef_search', facestream.search_candidates(model.version, k + 1)::text, true);
    return query execute format(
        'select n.identity_id, i.name, n.distance::real
         from (select t.identity_id, t.embedding::vector(%1$s) <-> $1::vector(%1$s) as distance
               from facestream.template t where t.model_version = %2$L
               order by t.embedding::vector(%1$s) <-> $1::vector(%1$s) limit %3$s) n
             join facestream.identity i on i.id = n.identity_id
         where n.identity_id <> $2
         order by n.distance, n.identity_id limit %4$s',
        model.dimensions, model.version, k + 1, k)
    using probe, person;
end $$;

-- Where people lie on the two directions in which their templates differ most (the first two principal components), for
-- whoever has that session and may search, and a row that they were looked at. It is computed here, so that no vector
-- leaves the database: ten steps of the power method for each direction, which is close enough for a map. Of a larger
-- gallery so many people, the same ones each time.
create or replace function gallery_map(token_sha256 bytea, most int)
    returns table (person_id uuid, name text, x real, y real)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
declare
    viewer record;
    model facestream.model_version;
    ids uuid[];
    points vector[];
    axis vector;
    places float8[][] := '{}';
    along float8[];
begin
    if most not between 1 and 2000 then
        raise exception 'a map has 1 to 2000 people' using errcode = 'invalid_parameter_value';
    end if;
    select * into viewer from facestream.use_session(gallery_map.token_sha256) u where u.role in ('operator', 'admin');
    select * into model from facestream.model_version v where v.status = 'active';
    if viewer.id is null or model.version is null then
        return;
    end if;
    select array_agg(t.identity_id), array_agg(t.embedding) into ids, points
    from (select t.identity_id, t.embedding
          from facestream.template t join facestream.identity i on i.id = t.identity_id
          where t.model_version = model.version and i.kind = 'person'
          order by t.identity_id limit gallery_map.most) t;
    if ids is null then
        return;
    end if;
    insert into facestream.audit_trail (action, model_version, detail)
    values ('search', model.version,
            jsonb_build_object('user', viewer.id, 'userName', viewer.name, 'role', viewer.role,
                               'route', '/map', 'faces', cardinality(ids)));
    select array_agg(p - m.mean order by n) into points
    from unnest(points) with ordinality as u(p, n), (select avg(p) as mean from unnest(points) p) m;
    for component in 1..2 loop
        -- from whoever is farthest from the middle
        select l2_normalize(p) into axis from unnest(points) p order by vector_norm(p) desc limit 1;
        for step in 1..10 loop
            select l2_normalize(sum(p * array_fill((-(p <#> axis))::real, array[model.dimensions])::vector)) into axis
            from unnest(points) p;
        end loop;
        select array_agg(-(p <#> axis) order by n) into along from unnest(points) with ordinality as u(p, n);
        places := places || array[along];
        select array_agg(p - axis * array_fill((-(p <#> axis))::real, array[model.dimensions])::vector order by n)
        into points from unnest(points) with ordinality as u(p, n);
    end loop;
    return query
        select i.id, i.name, places[1][u.n]::real, places[2][u.n]::real
        from unnest(ids) with ordinality as u(id, n) join facestream.identity i on i.id = u.id
        order by i.name, i.id;
end $$;

-- Whether that session lasts. Each of the cameras is looked at live in it from now on, which leaves a row, one a
-- minute, however many sockets of it there are.
create or replace function watch_live(token_sha256 bytea, cameras text[]) returns boolean
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
#variable_conflict use_column
declare
    viewer record;
begin
    if cardinality(cameras) > 1000 then
        raise exception 'at most 1000 cameras are looked at' using errcode = 'invalid_parameter_value';
    end if;
    select * into viewer from facestream.use_session(watch_live.token_sha256);
    if viewer.id is null then
        return false;
    end if;
    with news as (
        insert into facestream.live_look as l (token_sha256, camera, minute)
        select distinct watch_live.token_sha256, left(c.camera, 256), date_trunc('minute', clock_timestamp())
        from unnest(watch_live.cameras) c (camera)
        order by 2
        on conflict (token_sha256, camera) do update set minute = excluded.minute where l.minute < excluded.minute
        returning l.camera)
    insert into facestream.audit_trail (action, detail)
    select 'watch-live', jsonb_build_object('camera', n.camera, 'user', viewer.id, 'userName', viewer.name,
                                            'role', viewer.role)
    from news n;
    return true;
exception when foreign_key_violation then
    return false; -- signed out a moment ago
end $$;

-- One row per visit, of whom it is now, with what the page shows of it. `told_of` is whom the visit was told to be of,
-- who may have been merged into `person_id` since.
create or replace view visit as
select s.source,
       s.sighting_id,
       s.camera,
       s.identity_id                                                  as told_of,
       case when p.kind = 'person' then p.current_id end              as person_id,
       p.name,
       coalesce(p.kind, 'unknown')                                    as kind,
       case when s.identity_id is not null then s.probability end     as probability,
       case when s.identity_id is null then s.reason end              as reason,
       s.first_seen,
       s.last_seen,
       s.last_appended_at,
       s.change <> 'left'                                             as present,
       (select t.event_id from sighting_shot t
        where t.source = s.source and t.sighting_id = s.sighting_id and t.day = s.day) as shot,
       s.sequence,
       (s.best #>> '{pointers,frame,partition}')::int                 as frame_partition,
       (s.best #>> '{pointers,frame,offset}')::bigint                 as frame_offset,
       case when p.kind = 'stranger' then p.current_id end            as stranger_id,
       s.best ->> 'eventId'                                           as face,
       (s.best #>> '{pointers,chip,partition}')::int                  as chip_partition,
       (s.best #>> '{pointers,chip,offset}')::bigint                  as chip_offset
from sighting s
    left join anybody p on p.id = s.identity_id;

-- Trainings, promotions and rollbacks, without what they were asked to do. A message may name people, as commands do.
create or replace view training as
select c.id,
       c.kind,
       c.state,
       c.created_at                             as asked_at,
       c.updated_at                             as changed_at,
       case when c.command ->> 'epochs' ~ '^[0-9]{1,5}$' then (c.command ->> 'epochs')::int end as wanted_epochs,
       c.epochs,
       c.result ->> 'outcome'                   as outcome,
       coalesce(c.result ->> 'version', c.version) as version,
       c.result ->> 'message'                   as message
from training_command c;

-- Who was merged into whom.
create or replace view merged_person as
select i.id, i.merged_into from identity i where i.merged_into is not null;

-- Cameras that visits were told of, each found by the index, however many visits there are.
create or replace function visited_cameras() returns table (camera text, last_seen timestamptz)
    language sql stable security definer
    rows 20
    set search_path = pg_catalog, facestream, pg_temp
as $$
    with recursive named as (
        (select min(s.camera) as camera from facestream.sighting s)
        union all
        select (select min(s.camera) from facestream.sighting s where s.camera > n.camera)
        from named n where n.camera is not null)
    select n.camera, (select max(s.first_seen) from facestream.sighting s where s.camera = n.camera)
    from named n where n.camera is not null limit 1000
$$;

-- Where a person was seen last, whoever they were told to be then.
create or replace function last_visit(person uuid) returns table (camera text, first_seen timestamptz)
    language sql stable strict security definer
    rows 1 -- or a page of people would be thought so large that it is compiled first, for half a second
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select s.camera, s.first_seen
    from (select last_visit.person as id
          union all select i.id from facestream.identity i where i.merged_into = last_visit.person) who
        cross join lateral (select s.camera, s.first_seen from facestream.sighting s
                            where s.identity_id = who.id order by s.first_seen desc limit 1) s
    order by s.first_seen desc limit 1
$$;

revoke all on visit, merged_person, training from public;
revoke all on function sign_in_place(int, text), sign_in_places(text, text), password_salt(text, text),
    sign_in(text, text, bytea, bytea, interval), oidc_user(text, text),
    sign_in_by_oidc(bytea, text, text, text, text, boolean, timestamptz), use_session(bytea),
    seal_session(bytea, bytea, timestamptz), claim_renewal(bytea),
    release_renewal(bytea), renew_session(bytea, text, text, text, text, timestamptz, bytea), sign_out(bytea),
    record_shown_face(jsonb, text, text, text, text), look_at_shot(bytea, text, text),
    look_at_face(bytea, text, text), photo_for(jsonb, uuid),
    look_at_photo(bytea, uuid), look_alike(bytea, uuid, int), gallery_map(bytea, int), watch_live(bytea, text[]),
    visited_cameras(), last_visit(uuid) from public;
grant execute on function password_salt(text, text), sign_in(text, text, bytea, bytea, interval),
    sign_in_by_oidc(bytea, text, text, text, text, boolean, timestamptz), use_session(bytea),
    seal_session(bytea, bytea, timestamptz), claim_renewal(bytea),
    release_renewal(bytea), renew_session(bytea, text, text, text, text, timestamptz, bytea), sign_out(bytea),
    look_at_shot(bytea, text, text), look_at_face(bytea, text, text), look_at_photo(bytea, uuid),
    look_alike(bytea, uuid, int), gallery_map(bytea, int), watch_live(bytea, text[]), visited_cameras(), last_visit(uuid)
    to facestream_web;
grant select on visit, merged_person, training, person, person_tag to facestream_web;
