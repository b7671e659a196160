-- How model versions follow one another.

alter table model_version
    add column predecessor  text references model_version, -- the version that was active when this one was promoted; rolling back leads there
    add column activated_at timestamptz,                   -- when it last became the active one
    add column retired_at   timestamptz,
    add column removed_at   timestamptz;                   -- when its embeddings, templates and weights were deleted

update model_version set activated_at = created_at where status in ('active', 'standby');
update model_version set retired_at = now() where status = 'retired';

-- A training command that runs again, after a crash, must not publish a second version.
create unique index model_version_training_command on model_version (training_command);

-- Computes the templates of identities anew, under one version or under all that their samples have embeddings under.
-- Lock the identities first: of two transactions, the later one then sees the samples of both.
create function compute_templates(identities uuid[], version text default null) returns bigint
    language sql volatile
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    with computed as (
        insert into facestream.template (model_version, identity_id, embedding, samples)
        select e.model_version, s.identity_id, l2_normalize(avg(e.embedding)), count(*)
        from facestream.face_sample s join facestream.face_embedding e on e.sample_id = s.id
        where s.identity_id = any (identities) and s.enrolled
            and (compute_templates.version is null or e.model_version = compute_templates.version)
        group by e.model_version, s.identity_id
        on conflict (model_version, identity_id) do update
            set embedding = excluded.embedding, samples = excluded.samples, updated_at = now()
        returning 1)
    select count(*) from computed
$$;

-- What a version lacks before it can be active: samples without an embedding under it, and identities whose template is absent or
-- leaves out samples.
create function missing_under(version text, out samples bigint, out templates bigint)
    language sql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select
        (select count(*) from facestream.face_sample s
         where not exists (select from facestream.face_embedding e
                           where e.model_version = missing_under.version and e.sample_id = s.id)),
        (select count(*)
         from (select x.identity_id, count(*) as samples from facestream.face_sample x
               where x.enrolled group by x.identity_id) p
             left join facestream.template t
                 on t.model_version = missing_under.version and t.identity_id = p.identity_id
         where t.samples is distinct from p.samples)
$$;

revoke all on function compute_templates(uuid[], text), missing_under(text) from public;
