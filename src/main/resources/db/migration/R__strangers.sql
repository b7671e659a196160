-- Strangers: passers-by who match nobody and are kept for a while. A function refuses what is not possible with
-- SQLSTATE FS001, as those of R__curation.sql do.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- One row per stranger. Those who were merged into another one are that one.
create or replace view strangers as
-- All visits at once: asked for one stranger after another, 29 days of 5,000 strangers took three times as long.
with visits as (
    select x.identity_id, count(*) as visits, max(x.last_seen) as last_seen,
           (array_agg(x.camera order by x.last_seen desc))[1] as camera
    from sighting x
    where x.identity_id = any (array(select k.identity_id from stranger k))
    group by 1),
seen as (
    select coalesce(m.merged_into, m.id) as id, sum(a.visits)::bigint as visits, max(a.last_seen) as last_seen,
           (array_agg(a.camera order by a.last_seen desc))[1] as camera
    from visits a join identity m on m.id = a.identity_id
    group by 1)
select i.id,
       s.kept_at,
       -- Not max(): the planner would walk the index of expiry from its end until it meets one of theirs.
       (select (array_agg(g.expires_at order by g.expires_at desc))[1]
        from stranger g where g.identity_id = any (o.ids)) as expires_at,
       i.ignored,
       (select count(*) from stranger_chip c where c.identity_id = any (o.ids)) as chips,
       coalesce(v.visits, 0) as visits,
       v.last_seen,
       v.camera
from identity i
    join stranger s on s.identity_id = i.id
    cross join lateral (select array(select i.id
                                     union all
                                     select m.id from identity m where m.merged_into = i.id) as ids) o
    left join seen v on v.id = i.id
where i.kind = 'stranger' and i.merged_into is null;

-- Their chips, without the pictures. `kept_as` is whose it was before a merge: by it the index finds them.
create or replace view stranger_chips as
select c.id,
       coalesce(i.merged_into, i.id)                                                           as stranger_id,
       c.quality,
       format('%s-%s@%s', c.source_topic, c.source_partition, c.source_offset)                 as source,
       c.created_at,
       c.identity_id                                                                           as kept_as
from stranger_chip c join identity i on i.id = c.identity_id;

-- The largest distance at which a face is a kept stranger's: the distance at which no more than target_fpir of searches
-- for somebody else among all strangers find one, by the version's calibration, as match_threshold has it for people.
-- Of few strangers it is that of 100, so that the first ones do not take in everybody who passes. As identity events
-- have it, unless the service is set to a threshold of its own.
create or replace function stranger_threshold(version text, target_fpir float8) returns real
    language plpgsql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    strangers float8;
    distance float8;
    shift float8;
begin
    select greatest(count(*), 100) into strangers from facestream.stranger_template t
        where t.model_version = stranger_threshold.version;
    distance := facestream.false_match_distance(version, 1 - exp(ln(1 - target_fpir) / strangers));
    if distance is null then
        return (select v.threshold from facestream.model_version v where v.version = stranger_threshold.version);
    end if;
    select m.distance_shift into shift from facestream.gallery_measure m
        where m.model_version = stranger_threshold.version;
    return least(2, greatest(0, least(2, greatest(0, distance)) + coalesce(shift, 0)));
end $$;

-- The stranger whose template is nearest to a probe under a version, and its distance; null if there is none.
drop function if exists nearest_stranger(vector, text, real);
create or replace function nearest_stranger(probe vector, version text, out id uuid, out distance real)
    language plpgsql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    dims int := vector_dims(probe);
begin
    execute format(
        'select t.identity_id, (t.embedding::vector(%1$s) <-> $1)::real
         from facestream.stranger_template t where t.model_version = %2$L
         order by t.embedding::vector(%1$s) <-> $1 limit 1', dims, version)
    into id, distance using probe;
end $$;

-- The stranger who a person may be, by the mean of the person's photos: for enrolment, which proposes to merge the two.
create or replace function stranger_like(person uuid, target_fpir float8) returns uuid
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select n.id
    from facestream.template t
        join facestream.model_version v on v.version = t.model_version
        cross join lateral facestream.nearest_stranger(t.embedding, t.model_version) n
    where t.identity_id = stranger_like.person and v.status = 'active'
        and n.distance <= facestream.stranger_threshold(t.model_version, target_fpir)
$$;

-- The identity of an id or a name, as who it is now, a stranger too. Null if there is nobody.
create or replace function identity_of(who text) returns uuid
    language plpgsql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    if who ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        return (select coalesce(i.merged_into, i.id) from facestream.identity i where i.id = who::uuid);
    end if;
    return facestream.person_named(who);
end $$;

-- The same, refused if there is nobody.
create or replace function find_identity(who text) returns uuid
    language plpgsql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    found uuid := facestream.identity_of(who);
begin
    if found is null and exists (select from facestream.erased_identity e where e.id::text = lower(who)) then
        perform facestream.refuse('erased', 'that person was erased');
    elsif found is null then
        perform facestream.refuse('no-such-person', 'nobody in the gallery has that name or id');
    end if;
    return found;
end $$;

-- Strangers by their ids, as who they are now, locked until the transaction ends.
create or replace function hold_strangers(ids uuid[]) returns uuid[]
    language plpgsql strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    now_are uuid[];
begin
    if exists (select from unnest(ids) n join facestream.erased_identity e on e.id = n) then
        perform facestream.refuse('erased', 'one of them was erased');
    end if;
    now_are := array(select distinct coalesce(i.merged_into, i.id) from facestream.identity i where i.id = any (ids));
    if (select count(*) from facestream.identity i where i.id = any (ids))
            < (select count(distinct n) from unnest(ids) n)
        or exists (select from facestream.identity i where i.id = any (now_are) and i.kind <> 'stranger')
    then
        perform facestream.refuse('no-such-stranger', 'one of them is no stranger, or is not kept any more');
    end if;
    perform facestream.hold_people(now_are);
    return now_are;
end $$;

-- Computes the templates of strangers anew, from their chips and those of strangers merged into them. Whoever is no
-- stranger, or was merged, or has no chip, has none.
create or replace function compute_stranger_templates(ids uuid[]) returns void
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    with mean as (
        select e.model_version, coalesce(i.merged_into, i.id) as id, l2_normalize(avg(e.embedding)) as embedding,
               count(*) as chips
        from facestream.identity i
            join facestream.stranger_chip c on c.identity_id = i.id
            join facestream.stranger_embedding e on e.chip_id = c.id
        where i.id = any (ids) or i.merged_into = any (ids)
        group by 1, 2),
    computed as (
        insert into facestream.stranger_template (model_version, identity_id, embedding, chips)
        select m.model_version, m.id, m.embedding, m.chips
        from mean m join facestream.identity i on i.id = m.id and i.kind = 'stranger' and i.merged_into is null
        where m.id = any (ids)
        on conflict (model_version, identity_id) do update
            set embedding = excluded.embedding, chips = excluded.chips, updated_at = now()
        returning model_version, identity_id)
    delete from facestream.stranger_template t
    where t.identity_id = any (ids)
        and not exists (
            select from computed c where (c.model_version, c.identity_id) = (t.model_version, t.identity_id));
end $$;

-- Keeps a stranger's number of chips. Of the two that are most alike the one with the shorter embedding goes, so that
-- those that stay show the stranger in different ways.
create or replace function drop_alike_chips(stranger uuid, version text, most int) returns void
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    while (select count(*) from facestream.stranger_chip c where c.identity_id = stranger) > most loop
        delete from facestream.stranger_chip c where c.id = (
            select case when (a.norm, a.chip_id) < (b.norm, b.chip_id) then a.chip_id else b.chip_id end
            from facestream.stranger_embedding a
                join facestream.stranger_chip x on x.id = a.chip_id and x.identity_id = drop_alike_chips.stranger
                join facestream.stranger_embedding b on b.model_version = a.model_version and b.chip_id > a.chip_id
                join facestream.stranger_chip y on y.id = b.chip_id and y.identity_id = drop_alike_chips.stranger
            where a.model_version = drop_alike_chips.version
            order by a.embedding <-> b.embedding limit 1);
        exit when not found;
    end loop;
end $$;

-- Keeps whom a visit is of: as a new stranger, or as the one that `told` names or who is within the strangers'
-- threshold. `faces` is an array of {sha256, chip, quality, topic, partition, offset, vectors: {VERSION: {embedding,
-- norm}}}, sha256 and chip in base64, with vectors under every live version. Null, and nothing is kept, if these are
-- not the live versions any more. Refused as doubtful, and nobody is kept, where a stranger is not near enough to be
-- the same, but as near as that of doubt_fpir. `threshold` takes the place of that of target_fpir, if it is not null,
-- and then there is no doubt. Refused too if whom `told` names was erased or discarded, or had its time: nobody is kept
-- again by the pictures of a visit that was told before.
drop function if exists keep_stranger(text, text, uuid, interval, float8, real, jsonb);
create or replace function keep_stranger(
        source text, sighting_id text, told uuid, keep interval, target_fpir float8, doubt_fpir float8,
        threshold real, faces jsonb)
    returns uuid
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
declare
    most constant int := 5;
    live text[];
    active text;
    mean vector;
    nearest record;
    kept uuid;
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    live := array(select v.version from facestream.model_version v
                  where v.status in ('candidate', 'active', 'standby') order by v.version);
    if exists (select from jsonb_array_elements(faces) f
               where array(select k from jsonb_object_keys(f -> 'vectors') k order by k) <> live) then
        return null;
    end if;
    -- A camera that sends a picture twice, as snapshot URLs do, gives the same chip twice.
    faces := (select jsonb_agg(once.f order by once.n)
              from (select distinct on (e.f ->> 'sha256') e.f, e.n
                    from jsonb_array_elements(faces) with ordinality as e (f, n)
                    order by e.f ->> 'sha256', e.n) once);
    select v.version into active from facestream.model_version v where v.status = 'active';
    mean := (select l2_normalize(avg((f -> 'vectors' -> active ->> 'embedding')::vector))
             from jsonb_array_elements(faces) f);
    if exists (select from facestream.match_face(mean, 1, active) m where m.decision <> 'UNKNOWN') then
        perform facestream.refuse('known', 'somebody who is enrolled by now is as near');
    end if;
    select coalesce(i.merged_into, i.id) into kept from facestream.identity i where i.id = told;
    if told is not null and kept is null then
        -- refuses, and says why
        perform facestream.hold_strangers(array[told]);
    end if;
    if kept is not null and exists (select from facestream.identity i where i.id = kept and i.kind = 'person') then
        perform facestream.refuse('known', 'the stranger has a name by now');
    end if;
    if exists (select from facestream.sighting s join facestream.identity i on i.id = s.identity_id
               where s.source = keep_stranger.source and s.sighting_id = keep_stranger.sighting_id
                   and i.kind = 'person') then
        perform facestream.refuse('known', 'the visit has a name by now');
    end if;
    if kept is null then
        nearest := facestream.nearest_stranger(mean, active);
        if nearest.distance <= coalesce(threshold, facestream.stranger_threshold(active, target_fpir)) then
            kept := nearest.id;
        elsif threshold is null
                and nearest.distance <= facestream.stranger_threshold(active, doubt_fpir) then
            perform facestream.refuse('doubtful', 'a stranger is near, but not near enough to be the same for sure');
        end if;
    end if;
    if kept is null then
        insert into facestream.identity (kind) values ('stranger') returning id into kept;
        insert into facestream.stranger (identity_id, expires_at) values (kept, now() + keep);
    else
        perform facestream.hold_people(array[kept]);
    end if;

    with added as (
        insert into facestream.stranger_chip (identity_id, sha256, chip, quality, source_topic, source_partition,
            source_offset)
        select kept, decode(f ->> 'sha256', 'base64'), decode(f ->> 'chip', 'base64'), f -> 'quality', f ->> 'topic',
               (f ->> 'partition')::int, (f ->> 'offset')::bigint
        from jsonb_array_elements(faces) f
        on conflict (sha256) do nothing
        returning id, sha256)
    insert into facestream.stranger_embedding (model_version, chip_id, embedding, norm)
    select v.key, a.id, (v.value ->> 'embedding')::vector, (v.value ->> 'norm')::real
    from added a
        join jsonb_array_elements(faces) f on decode(f ->> 'sha256', 'base64') = a.sha256
        cross join lateral jsonb_each(f -> 'vectors') v;
    perform facestream.drop_alike_chips(kept, active, most);
    perform facestream.compute_stranger_templates(array[kept]);

    insert into facestream.stranger_visit (source, sighting_id, identity_id) values (source, sighting_id, kept)
    on conflict on constraint stranger_visit_pkey do nothing;
    update facestream.sighting s set identity_id = kept, kind = 'stranger'
    where s.source = keep_stranger.source and s.sighting_id = keep_stranger.sighting_id and s.identity_id is null
        and s.kind = 'unknown';
    insert into facestream.audit_trail (action, detail)
    values ('keep-stranger', jsonb_build_object('stranger', kept));
    return kept;
end $$;

-- Chips that have no vector under a live version: of strangers who were kept before the version was there.
create or replace function stranger_chips_without_vector(version text, at_most int)
    returns table (id uuid, chip bytea)
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select c.id, c.chip from facestream.stranger_chip c
    where not exists (select from facestream.stranger_embedding e
                      where e.model_version = stranger_chips_without_vector.version and e.chip_id = c.id)
    order by c.identity_id, c.id limit at_most
$$;

-- Adds vectors of chips under a live version, and the templates; does nothing if the version is not live any more.
create or replace function add_stranger_vectors(version text, chips uuid[], embeddings text[], norms real[])
    returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    if not exists (select from facestream.model_version v where v.version = add_stranger_vectors.version
                       and v.status in ('candidate', 'active', 'standby')) then
        return;
    end if;
    insert into facestream.stranger_embedding (model_version, chip_id, embedding, norm)
    select add_stranger_vectors.version, c.id, n.embedding::vector, n.norm
    from unnest(chips, embeddings, norms) n(id, embedding, norm) join facestream.stranger_chip c on c.id = n.id
    on conflict do nothing;
    perform facestream.compute_stranger_templates(array(
        select distinct coalesce(i.merged_into, i.id)
        from facestream.stranger_chip c join facestream.identity i on i.id = c.identity_id where c.id = any (chips)));
end $$;

-- Keeps strangers for so long from now on, unless they are kept for longer; says how many.
create or replace function extend_strangers(ids uuid[], keep interval) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    held uuid[] := facestream.hold_strangers(ids);
    extended bigint;
begin
    if keep not between interval '0' and interval '400 days' then
        perform facestream.refuse('bad-duration', 'strangers are kept for at most 400 days');
    end if;
    update facestream.stranger s set expires_at = greatest(s.expires_at, now() + keep) where s.identity_id = any (held);
    get diagnostics extended = row_count;
    insert into facestream.audit_trail (action, detail)
    select 'extend', jsonb_build_object('stranger', h) from unnest(held) h;
    return extended;
end $$;

-- Keeps strangers no longer: chips, vectors and templates are deleted, and visits are nobody's. Says how many.
create or replace function discard_strangers(ids uuid[]) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    held uuid[] := facestream.hold_strangers(ids);
begin
    delete from facestream.identity i where i.id = any (held);
    insert into facestream.audit_trail (action, detail)
    select 'discard', jsonb_build_object('stranger', h) from unnest(held) h;
    return cardinality(held);
end $$;

-- Removes strangers whose time is up, some at a time, and what is left of those who have a name; returns how many.
create or replace function expire_strangers(at_most int) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    past uuid[];
begin
    perform pg_advisory_xact_lock_shared(7377286951989441133);
    past := array(
        select l.id from (
            select i.id from facestream.identity i join facestream.stranger s on s.identity_id = i.id
            where s.expires_at < now() and i.kind = 'stranger' and i.merged_into is null
                and not exists (select from facestream.identity m join facestream.stranger g on g.identity_id = m.id
                                where m.merged_into = i.id and g.expires_at >= now())
            order by i.id limit at_most for update of i) l);
    delete from facestream.identity i where i.id = any (past);
    delete from facestream.stranger s using facestream.identity i
    where i.id = s.identity_id and s.expires_at < now()
        and (i.kind = 'person'
             or exists (select from facestream.identity t where t.id = i.merged_into and t.kind = 'person'));
    delete from facestream.stranger_visit v where v.created_at < now() - interval '400 days';
    return cardinality(past);
end $$;

-- The chips of strangers become photos of a person, with their vectors; returns how many. What it takes to make them
-- chips again is noted under the command.
create or replace function chips_to_photos(command uuid, strangers uuid[], person uuid) returns bigint
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    chips uuid[];
begin
    with moved as (
        insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,
            source_partition, source_offset, created_at)
        select c.id, person, c.sha256, c.chip, true, c.quality, c.source_topic, c.source_partition, c.source_offset,
               c.created_at
        from facestream.stranger_chip c where c.identity_id = any (strangers)
        on conflict (sha256) do nothing
        returning id)
    select array_agg(m.id) into chips from moved m;
    insert into facestream.face_embedding (model_version, sample_id, embedding, norm)
    select e.model_version, e.chip_id, e.embedding, e.norm
    from facestream.stranger_embedding e
        join facestream.model_version v
            on v.version = e.model_version and v.status in ('candidate', 'active', 'standby')
    where e.chip_id = any (chips);
    insert into facestream.gallery_undo (command_id, identity_id, sample_id)
    select command, c.identity_id, c.id from facestream.stranger_chip c where c.id = any (chips);
    delete from facestream.stranger_chip c where c.identity_id = any (strangers);
    perform facestream.compute_templates(array[person]);
    return coalesce(cardinality(chips), 0);
end $$;

-- The other way round, of those photos of a command that are still there. They are the chips of whom they were of.
create or replace function photos_to_chips(command uuid) returns bigint
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    photos uuid[];
begin
    insert into facestream.stranger_chip (id, identity_id, sha256, chip, quality, source_topic, source_partition,
        source_offset, created_at)
    select s.id, u.identity_id, s.sha256, s.chip, s.quality, s.source_topic, s.source_partition, s.source_offset,
           s.created_at
    from facestream.gallery_undo u
        join facestream.stranger g on g.identity_id = u.identity_id
        join facestream.face_sample s on s.id = u.sample_id
    where u.command_id = photos_to_chips.command
    on conflict do nothing;
    photos := array(select u.sample_id from facestream.gallery_undo u
                    where u.command_id = photos_to_chips.command
                        and exists (select from facestream.stranger g where g.identity_id = u.identity_id)
                        and exists (select from facestream.stranger_chip c where c.id = u.sample_id));
    insert into facestream.stranger_embedding (model_version, chip_id, embedding, norm)
    select e.model_version, e.sample_id, e.embedding, e.norm
    from facestream.face_embedding e where e.sample_id = any (photos)
    on conflict do nothing;
    delete from facestream.face_sample s where s.id = any (photos);
    return cardinality(photos);
end $$;

-- A stranger is somebody with a name: a person who is there, or a new one.
create or replace function name_stranger(command uuid, stranger uuid, name text, out person uuid, out samples bigint)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    found uuid := (facestream.hold_strangers(array[name_stranger.stranger]))[1];
    there uuid := facestream.person_named(name_stranger.name);
    everybody uuid[];
begin
    if there is not null then
        select m.person, m.samples into person, samples
        from facestream.merge_people(command, array[found::text], there::text) m;
        return;
    end if;
    perform facestream.check_name_is_free(name_stranger.name);
    everybody := array(select i.id from facestream.identity i where found in (i.id, i.merged_into));
    delete from facestream.identity_alias a where a.name = name_stranger.name;
    begin
        update facestream.identity i set kind = 'person', name = name_stranger.name, updated_at = now()
        where i.id = found;
    exception when unique_violation then
        perform facestream.refuse('name-taken', 'somebody of that name was enrolled at this moment');
    end;
    insert into facestream.gallery_undo (command_id, identity_id) values (command, found);
    samples := facestream.chips_to_photos(command, everybody, found);
    delete from facestream.stranger_template t where t.identity_id = any (everybody);
    person := found;
    perform nextval('facestream.gallery_revision');
end $$;

-- Takes the name of a stranger back, with which a person was made.
create or replace function stranger_again(command uuid) returns uuid
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    named uuid;
begin
    select u.identity_id into named from facestream.gallery_undo u
    where u.command_id = stranger_again.command and u.sample_id is null limit 1;
    if not exists (select from facestream.stranger s where s.identity_id = named) then
        perform facestream.refuse('too-late', 'the stranger would not be kept any more');
    elsif exists (select from facestream.face_sample s where s.identity_id = named and not exists (
            select from facestream.gallery_undo u
            where u.command_id = stranger_again.command and u.sample_id = s.id)) then
        perform facestream.refuse('changed-since', 'the person has other photos by now');
    end if;
    delete from facestream.identity_alias a where a.identity_id = named;
    delete from facestream.identity_tag t where t.identity_id = named;
    update facestream.identity i set kind = 'stranger', name = null, updated_at = now() where i.id = named;
    return named;
end $$;

-- The face of a stranger's chip, a PNG, for whoever has that session, and a row that it was looked at.
create or replace function look_at_stranger(token_sha256 bytea, chip uuid) returns bytea
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    viewer record;
    face record;
begin
    select * into viewer from facestream.use_session(look_at_stranger.token_sha256);
    if viewer.id is null then
        return null;
    end if;
    select c.chip, c.identity_id into face from facestream.stranger_chip c where c.id = look_at_stranger.chip;
    if face.chip is not null then
        insert into facestream.audit_trail (action, detail)
        values ('show-stranger',
                jsonb_build_object('stranger', face.identity_id, 'chip', look_at_stranger.chip, 'user', viewer.id,
                                   'userName', viewer.name, 'role', viewer.role));
    end if;
    return face.chip;
end $$;

revoke all on strangers, stranger_chips from public;
revoke all on function stranger_threshold(text, float8), nearest_stranger(vector, text),
    stranger_like(uuid, float8), identity_of(text), find_identity(text), hold_strangers(uuid[]),
    compute_stranger_templates(uuid[]), drop_alike_chips(uuid, text, int),
    keep_stranger(text, text, uuid, interval, float8, float8, real, jsonb),
    stranger_chips_without_vector(text, int), add_stranger_vectors(text, uuid[], text[], real[]),
    extend_strangers(uuid[], interval), discard_strangers(uuid[]), expire_strangers(int),
    chips_to_photos(uuid, uuid[], uuid), photos_to_chips(uuid), name_stranger(uuid, uuid, text),
    stranger_again(uuid), look_at_stranger(bytea, uuid) from public;
grant execute on function keep_stranger(text, text, uuid, interval, float8, float8, real, jsonb),
    stranger_chips_without_vector(text, int), add_stranger_vectors(text, uuid[], text[], real[]),
    extend_strangers(uuid[], interval), discard_strangers(uuid[]), expire_strangers(int),
    name_stranger(uuid, uuid, text) to facestream_curation;
grant execute on function stranger_like(uuid, float8) to facestream_enrolment;
grant execute on function look_at_stranger(bytea, uuid) to facestream_web;
grant select on strangers, stranger_chips to facestream_web, facestream_reader;
grant execute on function identity_of(text) to facestream_web;
grant execute on function find_identity(text) to facestream_reader;
