-- How fast and how well a gallery of 100,000 people is searched: makes one up, in a database that `migrate` has made and that holds
-- nobody, and measures. For a scratch database, as its owner:
--
--     psql --file=docs/search-at-scale.sql facestream
--
-- 1,000 directions with 100 people around each, a distance of 1 apart; a photo is about 0.63 from its person.
\set ON_ERROR_STOP on
\set QUIET on
\pset footer off
\if :{?people}
\else
    \set people 100000
\endif
set client_min_messages = error;
set search_path = facestream, public;

select count(*) > 0 as somebody from identity \gset
\if :somebody
    \echo 'people are enrolled here: take a scratch database'
    \quit
\endif

create function pg_temp.direction() returns vector language sql volatile as $$
    select l2_normalize(array_agg(sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))::vector) from generate_series(1, 192)
$$;
create function pg_temp.scaled(v vector, factor float8) returns vector language sql as $$
    select array_agg(factor * x order by place)::vector from unnest(v::real[]) with ordinality u(x, place)
$$;

-- As a new model version comes in: loaded, then indexed and attached.
select setseed(0.5) \gset
create temporary table centre as select n, pg_temp.direction() as v from generate_series(0, 999) n;
create temporary table person as
    select p.id, p.n, l2_normalize(c.v + pg_temp.direction()) as v
    from (select gen_random_uuid() as id, n from generate_series(1, :people) n) p join centre c on c.n = p.n % 1000;
insert into identity (id, kind, name) select id, 'person', case n when 7 then 'Grace_Hopper' else 'person ' || n end from person;
insert into face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic, source_partition, source_offset)
    select id, id, sha256(uuid_send(id)), '', true, '{}', 'made-up', 0, n from person;
insert into model_version (version, architecture, dimensions, input_side, mirror_averaging, status, threshold, separation,
        calibration, sha256)
    select 'made-up-1', architecture, dimensions, input_side, mirror_averaging, 'standby', threshold, separation, calibration,
           sha256('made up')
    from model_version where status = 'active';
select create_model_partitions('made-up-1', 192) \gset
select partition_name('face_embedding', 'made-up-1') as photos, partition_name('template', 'made-up-1') as templates \gset
insert into :photos (model_version, sample_id, embedding, norm) select 'made-up-1', id, v, 70 from person;
insert into :templates (model_version, identity_id, embedding, samples) select 'made-up-1', id, v, 1 from person;
select clock_timestamp() as started \gset
select attach_model_partitions('made-up-1') \gset
select :people as people, round(extract(epoch from clock_timestamp() - :'started'))  as index_built_in_s,
    pg_size_pretty(pg_relation_size(:'templates')) as templates, pg_size_pretty(pg_indexes_size(:'templates')) as their_indexes;
update model_version set status = 'standby' where status = 'active';
update model_version set status = 'active' where version = 'made-up-1';
select measure_gallery('made-up-1') \gset
vacuum (analyze) identity, face_sample, face_embedding, template;

create temporary table probe as
    (select 'enrolled' as face, l2_normalize(v + pg_temp.scaled(pg_temp.direction(), 0.75)) as v
     from (select v from person order by n limit 1000) p)
    union all
    (select 'stranger', l2_normalize(v + pg_temp.direction()) from centre);

-- The service's search, as GallerySearch has it, for one face and for a batch of 64.
prepare search (text[]) as
    select p.position, n.identity_id, i.name, n.distance
    from unnest($1::text[]::vector[]) with ordinality as p(probe, position)
        cross join lateral (
            select t.identity_id, t.embedding::vector(192) <-> p.probe::vector(192) as distance
            from facestream.template t
            where t.model_version = 'made-up-1'
            order by t.embedding::vector(192) <-> p.probe::vector(192)
            limit 5) n
        join facestream.identity i on i.id = n.identity_id
    order by p.position, n.distance, n.identity_id;
select array[v::text] as one, v::text as probe from probe where face = 'enrolled' limit 1 \gset
select array_agg(v::text) as batch from (select v from probe limit 64) b \gset
set hnsw.ef_search = 200;
explain (analyze, buffers, costs off) execute search (:'one');
explain (analyze, buffers, costs off) execute search (:'batch');
explain (analyze, buffers, costs off) select min(embedding <-> :'probe') from template where model_version = 'made-up-1';
explain (analyze, buffers, costs off) select * from match_face(:'probe');
explain (analyze, buffers, costs off)
    select m.name, m.distance, m.decision from gallery g, match_face(g.centroid, 3) m where g.name = 'Grace_Hopper' order by m.distance;

-- The index, by how many candidates it keeps, and match_face against a search through all templates.
create temporary table measured (face text, search text, found boolean, ms float8);
do $$
declare
    p record;
    keeps int;
    found float8;
    started timestamptz;
begin
    create temporary table exact as select row_number() over () as n, face, v, null::float8 as nearest from probe;
    for p in select * from exact loop
        started := clock_timestamp();
        select min(t.embedding <-> p.v) into found from facestream.template t where t.model_version = 'made-up-1';
        insert into measured values (p.face, 'exact', true, 1e3 * extract(epoch from clock_timestamp() - started));
        update exact set nearest = found where n = p.n;
    end loop;
    foreach keeps in array array[100, 200, 400] loop
        perform set_config('hnsw.ef_search', keeps::text, true);
        for p in select * from exact loop
            started := clock_timestamp();
            select n.distance into found
            from (select t.embedding::vector(192) <-> p.v::vector(192) as distance from facestream.template t
                  where t.model_version = 'made-up-1' order by t.embedding::vector(192) <-> p.v::vector(192) limit 5) n
            order by n.distance limit 1;
            insert into measured values (p.face, 'index, ' || keeps || ' candidates', found <= p.nearest,
                                         1e3 * extract(epoch from clock_timestamp() - started));
        end loop;
    end loop;
    for p in select * from exact loop
        started := clock_timestamp();
        select m.distance into found from facestream.match_face(p.v) m limit 1;
        insert into measured values (p.face, 'match_face', found <= p.nearest::real,
                                     1e3 * extract(epoch from clock_timestamp() - started));
    end loop;
end $$;
select search, face, count(*) as faces, round(avg(found::int), 4) as nearest_found,
    round(percentile_cont(0.5) within group (order by ms)::numeric, 1) as median_ms,
    round(percentile_cont(0.95) within group (order by ms)::numeric, 1) as p95_ms
from measured group by search, face order by search, face;
