-- Who is near: the view `gallery` and the function `match_face`, which SQL users may rely on (docs/sql.md), and what
-- they are made of.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- One row per person.
create or replace view gallery as
select i.id,
       i.name,
       i.metadata,
       count(s.id)                             as samples,
       count(s.id) filter (where s.enrolled)   as enrolled_samples,
       i.created_at,
       i.updated_at,
       t.model_version,
       t.embedding                             as centroid
from identity i
    left join face_sample s on s.identity_id = i.id
    left join model_version v on v.status = 'active'
    left join template t on t.identity_id = i.id and t.model_version = v.version
where i.kind = 'person' and i.merged_into is null
group by i.id, t.model_version, t.embedding;

-- The distance within which such a share of comparisons of different people is, by the version's calibration: linear in
-- the logarithm of the rate between measured points, and beyond them as between the last two. Null where it was not
-- calibrated.
create or replace function false_match_distance(version text, rate float8) returns float8
    language sql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    with point as (
        select (p ->> 'rate')::float8 as rate, (p ->> 'distance')::float8 as distance
        from facestream.model_version v, jsonb_array_elements(v.calibration -> 'falseMatchRates') p
        where v.version = false_match_distance.version),
    segment as (
        select p.rate, p.distance,
               lead(p.rate) over falling as next_rate, lead(p.distance) over falling as next_distance,
               row_number() over falling as place
        from point p window falling as (order by p.rate desc))
    select s.distance
        + ln(s.rate / false_match_distance.rate) / ln(s.rate / s.next_rate) * (s.next_distance - s.distance)
    from segment s
    where s.next_rate is not null
    order by s.next_rate <= false_match_distance.rate desc,
             case when s.next_rate <= false_match_distance.rate then s.place else -s.place end
    limit 1
$$;

-- How many templates a version has. Where they are many, so that one more or less does not move the threshold, they are
-- counted once in five seconds of a session, as the service does.
create or replace function count_templates(version text) returns bigint
    language plpgsql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    -- version, seconds, templates
    counted text[] := string_to_array(current_setting('facestream.counted_templates', true), ' ');
    seconds float8 := extract(epoch from clock_timestamp());
    templates bigint;
begin
    if counted[1] = version and seconds - counted[2]::float8 between 0 and 5 then
        return counted[3]::bigint;
    end if;
    select count(*) into templates from facestream.template t where t.model_version = count_templates.version;
    if templates >= 5000 then
        perform set_config('facestream.counted_templates', concat_ws(' ', version, seconds, templates), false);
    end if;
    return templates;
end $$;

-- The largest distance of a match with a template of one photo, at which no more than target_fpir of searches for
-- strangers name somebody: FPIR = 1 - (1 - FMR)^templates. As identity events have it, unless the service is set to a
-- threshold of its own.
create or replace function match_threshold(version text, target_fpir float8 default 0.005) returns real
    language plpgsql stable
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    people float8;
    distance float8;
    shift float8;
begin
    if target_fpir is null or not (target_fpir > 0 and target_fpir < 1) then
        raise exception 'the target FPIR is above 0 and below 1, not %', target_fpir
            using errcode = 'invalid_parameter_value';
    end if;
    people := greatest(facestream.count_templates(version), 1);
    distance := facestream.false_match_distance(
        version,
        case when target_fpir < 1e-5 then target_fpir / people else 1 - exp(ln(1 - target_fpir) / people) end);
    if distance is null then
        return (select v.threshold from facestream.model_version v where v.version = match_threshold.version);
    end if;
    select m.distance_shift into shift from facestream.gallery_measure m
        where m.model_version = match_threshold.version;
    return least(2, greatest(0, least(2, greatest(0, distance)) + coalesce(shift, 0)));
end $$;

-- The threshold for a template that averages so many photos, from that for a template of one: the more photos a
-- template averages, the more like it strangers are. The cosine grows by a factor that follows from the version's
-- calibration. Equals the service's to the bit.
create or replace function template_threshold(threshold real, samples int, averaging float8) returns real
    language sql immutable strict
    set search_path = pg_catalog, pg_temp
as $$
    select case when samples = 1 or averaging = 0 then threshold
                else sqrt(least(4, greatest(0, 2 - (2 - threshold::float8 * threshold::float8)
                                               / (1 - averaging * (1 - 1::float8 / samples)))))::real end
$$;
revoke all on function template_threshold(real, int, float8) from public;
grant execute on function template_threshold(real, int, float8) to facestream_enrolment;

-- Compares the gallery's own false matches with the version's calibration: the distances of samples to templates of
-- other people, as they would be if the templates were of one photo, at the smallest of the rates 1 %, 0.1 % and 0.01 %
-- that 20 pairs support. One sample each of at most 400 people, and 1,000 templates, always the same ones; from 50
-- people on, and at half weight there. It makes the threshold smaller where the gallery's people are more alike, by 0.1
-- at most, and never larger: strangers may be more alike than they are. One person enrolled under two names is one
-- pair, which weighs little at these rates.
create or replace function measure_gallery(version text) returns void
    language plpgsql strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    averaging float8;
    n int;
begin
    select coalesce((v.calibration ->> 'averaging')::float8, 0) into averaging
        from facestream.model_version v where v.version = measure_gallery.version;
    select count(*) into n from facestream.template t where t.model_version = measure_gallery.version;
    -- Without a calibration there is nothing to compare with.
    if n < 50 or facestream.false_match_distance(version, 1e-2) is null then
        delete from facestream.gallery_measure m where m.model_version = measure_gallery.version;
        return;
    end if;
    insert into facestream.gallery_measure (model_version, revision, people, pairs, distance_shift)
    with sample as materialized (
        select s.identity_id, e.embedding
        from (select distinct on (x.identity_id) x.id, x.identity_id from facestream.face_sample x
              where x.enrolled order by x.identity_id, md5(x.id::text)) s
            join facestream.face_embedding e on e.sample_id = s.id and e.model_version = measure_gallery.version
        order by md5(s.id::text) limit 400),
    chosen as materialized (
        select t.identity_id, t.embedding, t.samples from facestream.template t
        where t.model_version = measure_gallery.version order by md5(t.identity_id::text) limit 1000),
    pair as (
        select sqrt(greatest(0, 2 - (2 - (s.embedding <-> c.embedding) ^ 2)
                                   * (1 - averaging * (1 - 1::float8 / c.samples)))) as distance
        from sample s join chosen c on c.identity_id <> s.identity_id),
    supported as (
        select count(*) as pairs,
               case when count(*) >= 200000 then 1e-4 when count(*) >= 20000 then 1e-3 else 1e-2 end as rate
        from pair)
    select measure_gallery.version,
           (select case when is_called then last_value else 0 end from facestream.gallery_revision),
           n,
           s.pairs,
           n / (n + 50.0) * least(0, greatest(-0.1,
               (select percentile_cont(s.rate) within group (order by p.distance) from pair p)
               - facestream.false_match_distance(measure_gallery.version, s.rate)))
    from supported s
    where s.pairs >= 2000
    on conflict (model_version) do update
        set revision = excluded.revision, people = excluded.people, pairs = excluded.pairs,
            distance_shift = excluded.distance_shift, measured_at = now();
end $$;

-- How many candidates the index keeps during a search for the k nearest templates, which is also the most that it
-- returns; pgvector keeps at most 1,000. At 100,000 people, 200 candidates found the nearest template of all of 500
-- enrolled people, and of 97.2 % of strangers; 400 of 99.4 %, in 1.7 times the time (docs/sql.md).
-- Everybody may call it: it says no more than whether there are 50,000 people.
create or replace function search_candidates(version text, k int) returns int
    language sql stable
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select least(1000, greatest(k, case when c.reltuples >= 50000 then 400 else 200 end))
    from (select 1) always
        left join pg_class c on c.oid = to_regclass('facestream.' || facestream.partition_name('template', version))
$$;

-- The k identities nearest to a probe, a unit vector of the version's dimensions; a null version means the active one.
-- Distances are in single precision and the order of equal ones by identity, as in identity events. Each row's decision
-- is about the row's own person, so that a row may be read alone, at the threshold in force for the FPIR that is asked
-- for and the number of photos in that person's template:
--  * KNOWN: the probe is this person. Only the nearest one can be;
--  * AMBIGUOUS: it may be this person, who is within the threshold, and nearer than the nearest plus the separation;
--  * UNKNOWN: it is not this person, or a face that was said not to be the person's is nearer.
-- The first row's decision is that of the identity events, where the service decides by the same target.
create or replace function match_face(
        probe vector, k int default 5, version text default null, target_fpir float8 default 0.005)
    returns table (identity_id uuid, name text, distance real, decision text, model_version text)
    language plpgsql stable security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    model facestream.model_version;
begin
    if probe is null then
        raise exception 'the probe is null' using errcode = 'null_value_not_allowed';
    end if;
    if k is null or k not between 1 and 1000 then
        raise exception 'k is 1 to 1000, not %', k using errcode = 'invalid_parameter_value';
    end if;
    select * into model from facestream.model_version v
        where case when match_face.version is null then v.status = 'active' else v.version = match_face.version end;
    if not found then
        raise exception 'no model version %', coalesce(version, '(active)') using errcode = 'no_data_found';
    end if;
    if vector_dims(probe) <> model.dimensions then
        raise exception 'the probe has % dimensions, model version % has %',
            vector_dims(probe), model.version, model.dimensions using errcode = 'data_exception';
    end if;
    perform set_config('hnsw.ef_search', facestream.search_candidates(model.version, k)::text, true);
    return query execute format(
        'with nearest as (
             select t.identity_id, t.samples, (t.embedding::vector(%1$s) <-> $1) as exact
             from facestream.template t
             where t.model_version = %2$L
             order by t.embedding::vector(%1$s) <-> $1
             limit %3$s),
         ranked as (
             select n.*, n.exact::real as distance, row_number() over nearest_first as place,
                 first_value(n.exact::real) over nearest_first as best,
                 nth_value(n.exact::real, 2) over nearest_first as second
             from nearest n
             window nearest_first as (
                 order by n.exact, n.identity_id rows between unbounded preceding and unbounded following))
         select r.identity_id, i.name, r.distance,
                case when r.distance > facestream.template_threshold(%4$L::real, r.samples, %6$L::float8)
                         then ''UNKNOWN''
                     when exists (select from facestream.negative_embedding x
                                  where x.model_version = %2$L and x.identity_id = r.identity_id
                                      and x.embedding <-> $1 < r.exact) then ''UNKNOWN''
                     when r.place = 1 and coalesce(r.second - r.best >= %5$L::real, true) then ''KNOWN''
                     when r.distance - r.best < %5$L::real then ''AMBIGUOUS''
                     else ''UNKNOWN'' end,
                %2$L
         from ranked r join facestream.identity i on i.id = r.identity_id
         order by r.exact, r.identity_id
         limit $2',
        model.dimensions, model.version, greatest(k, 2), facestream.match_threshold(model.version, target_fpir),
        model.separation, coalesce((model.calibration ->> 'averaging')::float8, 0))
    using probe, k;
end $$;

-- The k identities nearest to each probe, for whoever has that key and may search, and a row that they were looked for.
-- Each row has the gallery's revision; where a probe has no neighbours, the place of its only row is null. No row at
-- all means that the key may not search.
drop function if exists search_people(bytea, text, text, text[], int);
create function search_people(key_sha256 bytea, route text, version text, probes text[], k int)
    returns table (revision bigint, place int, identity_id uuid, name text, distance real, samples int,
        ruled_out boolean)
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
#variable_conflict use_column
declare
    caller record;
    model facestream.model_version;
begin
    if k not between 1 and 1000 or cardinality(probes) not between 1 and 1000 or length(route) > 100 then
        raise exception 'a search is for 1 to 1000 faces, and for 1 to 1000 people each'
            using errcode = 'invalid_parameter_value';
    end if;
    select * into caller from facestream.use_key(search_people.key_sha256) k where k.role in ('operator', 'admin');
    if not found then
        return;
    end if;
    select * into model from facestream.model_version v
        where v.version = search_people.version and v.removed_at is null;
    if not found then
        raise exception 'the gallery holds no model version %', search_people.version using errcode = 'no_data_found';
    end if;
    insert into facestream.audit_trail (action, model_version, detail)
    values ('search', model.version,
            jsonb_build_object('key', caller.id, 'keyName', caller.name, 'role', caller.role,
                               'route', search_people.route, 'faces', cardinality(probes)));
    perform set_config('hnsw.ef_search', facestream.search_candidates(model.version, k)::text, true);
    return query execute format(
        'select r.revision, n.place, n.identity_id, n.name, n.distance, n.samples, n.ruled_out
         from (select case when is_called then last_value else 0 end as revision from facestream.gallery_revision) r
             left join (
                 select p.place::int, t.identity_id, i.name, t.distance::real, t.samples, exists (
                     select from facestream.negative_embedding x
                     where x.model_version = %2$L and x.identity_id = t.identity_id
                         and x.embedding <-> p.probe < t.distance) as ruled_out
                 from unnest($1::vector[]) with ordinality as p(probe, place)
                     cross join lateral (
                         select t.identity_id, t.samples,
                                t.embedding::vector(%1$s) <-> p.probe::vector(%1$s) as distance
                         from facestream.template t
                         where t.model_version = %2$L
                         order by t.embedding::vector(%1$s) <-> p.probe::vector(%1$s)
                         limit %3$s) t
                     join facestream.identity i on i.id = t.identity_id) n on true
         order by n.place, n.distance, n.identity_id',
        model.dimensions, model.version, k)
    using probes;
end $$;

revoke all on function search_people(bytea, text, text, text[], int) from public;
grant execute on function search_people(bytea, text, text, text[], int) to facestream_web;

-- The pairs of people who look alike, nearest first: the distance of their templates under the active version is within
-- the threshold of a match, by the one that averages more photos, or within the distance that is asked for. A photo of
-- one may be taken for the other, or be AMBIGUOUS. Of each person the 10 nearest others are looked at, by one search
-- each.
create or replace function look_alikes(within real default null)
    returns table (person_id uuid, name text, other_id uuid, other_name text, distance real)
    language plpgsql stable security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    model facestream.model_version;
begin
    if within is not null and not (within >= 0 and within <= 2) then
        raise exception 'a distance is 0 to 2, not %', within using errcode = 'invalid_parameter_value';
    end if;
    select * into model from facestream.model_version v where v.status = 'active';
    if not found then
        return;
    end if;
    perform set_config('hnsw.ef_search', facestream.search_candidates(model.version, 11)::text, true);
    return query execute format(
        'with pair as (
             select distinct
                    least(t.identity_id, n.identity_id) as one, greatest(t.identity_id, n.identity_id) as other,
                    n.distance
             from facestream.template t
                 cross join lateral (
                     select o.identity_id, o.samples,
                            (o.embedding::vector(%1$s) <-> t.embedding::vector(%1$s))::real as distance
                     from facestream.template o
                     where o.model_version = %2$L
                     order by o.embedding::vector(%1$s) <-> t.embedding::vector(%1$s)
                     limit 11) n
             where t.model_version = %2$L and n.identity_id <> t.identity_id
                 and n.distance <= coalesce($1, facestream.template_threshold(
                     %3$L::real, greatest(t.samples, n.samples), %4$L::float8)))
         select a.id, a.name, b.id, b.name, p.distance
         from pair p
             join facestream.identity x on x.id = p.one and x.kind = ''person''
             join facestream.identity y on y.id = p.other and y.kind = ''person''
             join facestream.identity a on a.id = case when x.name < y.name then x.id else y.id end
             join facestream.identity b on b.id = case when x.name < y.name then y.id else x.id end
         order by p.distance, a.name, b.name',
        model.dimensions, model.version, facestream.match_threshold(model.version),
        coalesce((model.calibration ->> 'averaging')::float8, 0))
    using within;
end $$;

revoke all on function look_alikes(real) from public;
grant execute on function look_alikes(real) to facestream_reader;
