-- match_threshold and match_face as in V4, but for galleries of 100,000 people:
--  * templates were counted at each call, which took five sixths of its time;
--  * the index keeps 200 candidates instead of 100, as in the service's own searches: docs/sql.md says what that finds.

-- How many templates a version has. Where they are many, so that one more or less does not move the threshold, they are counted
-- once in five seconds of a session, as the service does.
create function count_templates(version text) returns bigint
    language plpgsql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    counted text[] := string_to_array(current_setting('facestream.counted_templates', true), ' '); -- version, seconds, templates
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
revoke all on function count_templates(text) from public;

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
    distance := facestream.false_match_distance(version, case when target_fpir < 1e-5 then target_fpir / people else 1 - exp(ln(1 - target_fpir) / people) end);
    if distance is null then
        return (select v.threshold from facestream.model_version v where v.version = match_threshold.version);
    end if;
    select m.distance_shift into shift from facestream.gallery_measure m
        where m.model_version = match_threshold.version;
    return least(2, greatest(0, least(2, greatest(0, distance)) + coalesce(shift, 0)));
end $$;

create or replace function match_face(probe vector, k int default 5, version text default null, target_fpir float8 default 0.005)
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
    -- As many candidates as the service's own searches keep.
    perform set_config('hnsw.ef_search', greatest(200, k)::text, true);
    return query execute format(
        'with nearest as (
             select t.identity_id, (t.embedding::vector(%1$s) <-> $1) as exact
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
                case when r.distance > %4$L::real then ''UNKNOWN''
                     when r.place = 1 and coalesce(r.second - r.best >= %5$L::real, true) then ''KNOWN''
                     when r.distance - r.best < %5$L::real then ''AMBIGUOUS''
                     else ''UNKNOWN'' end,
                %2$L
         from ranked r join facestream.identity i on i.id = r.identity_id
         order by r.exact, r.identity_id
         limit $2',
        model.dimensions, model.version, greatest(k, 2), facestream.match_threshold(model.version, target_fpir),
        model.separation)
    using probe, k;
end $$;
