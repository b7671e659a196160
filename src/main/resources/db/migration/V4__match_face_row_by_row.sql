-- match_face as in V3, but each row's decision is about the row's own person, so that a row may be read alone:
--  * KNOWN: the probe is this person. Only the nearest one can be;
--  * AMBIGUOUS: it may be this person, who is within the threshold, and nearer than the nearest plus the separation;
--  * UNKNOWN: it is not this person.
-- The first row's decision is that of the identity events, as before.
create or replace function match_face(probe vector, k int default 5, version text default null)
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
    perform set_config('hnsw.ef_search', greatest(100, k)::text, true);
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
        model.dimensions, model.version, greatest(k, 2), model.threshold, model.separation)
    using probe, k;
end $$;
