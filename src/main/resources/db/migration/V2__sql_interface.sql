-- What SQL users may rely on; granted to facestream_reader, which sees neither weights nor photos.

do $$
begin
    if not exists (select from pg_roles where rolname = 'facestream_reader') then
        create role facestream_reader nologin;
    end if;
end $$;

-- One row per person.
create view gallery as
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
where i.kind = 'person'
group by i.id, t.model_version, t.embedding;

-- The k identities nearest to a probe, a unit vector of the version's dimensions; a null version means the active one.
-- The decision is that of the identity events, so it is the same in every row; its first row is the candidate it is about.
-- For stricter thresholds, filter by distance.
create function match_face(probe vector, k int default 5, version text default null)
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
    perform set_config('hnsw.ef_search', '100', true);
    return query execute format(
        'with nearest as (
             select t.identity_id, (t.embedding::vector(%1$s) <-> $1) as distance
             from facestream.template t
             where t.model_version = %2$L
             order by t.embedding::vector(%1$s) <-> $1
             limit %3$s),
         ranked as (
             select n.*, min(n.distance) over () as best, nth_value(n.distance, 2) over (
                 order by n.distance rows between unbounded preceding and unbounded following) as second
             from nearest n)
         select r.identity_id, i.name, r.distance::real,
                case when r.best > %4$L::real then ''UNKNOWN''
                     when r.second - r.best < %5$L::real then ''AMBIGUOUS''
                     else ''KNOWN'' end,
                %2$L
         from ranked r join facestream.identity i on i.id = r.identity_id
         order by r.distance
         limit $2',
        model.dimensions, model.version, greatest(k, 2), model.threshold, model.separation)
    using probe, k;
end $$;

revoke all on function match_face(vector, int, text) from public;
grant usage on schema facestream to facestream_reader;
grant select on gallery to facestream_reader;
grant execute on function match_face(vector, int, text) to facestream_reader;
