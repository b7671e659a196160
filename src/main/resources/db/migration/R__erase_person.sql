-- Erasing a person is one function, which the database's owner calls, and one for the command erase.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- Erases people whom the caller has found, under the lock: photos, vectors, templates, best shots, other names, tags,
-- rules of alerts that are about them alone, negatives of them and those that look like them, and what it takes to
-- undo; visits are nobody's from then on; photos that were published up to now under one of the names will not be
-- enrolled, and versions trained on the people that are not in use are retired.
--
-- The rows say of what how much was erased, and how much is left: of model_version those that are trained on the people
-- and not retired, which is the active one. What else is left: records on topics until their time is up, backups, and
-- dead rows until they are vacuumed. A dry run changes nothing: what there is, is left.
create or replace function erase_found(people uuid[], names text[], dry_run boolean)
    returns table (what text, erased bigint, remains bigint)
    language plpgsql
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    -- The fence is passed by a name's hash alone, so it has every way of writing it that is known.
    known text[] := array(
        select distinct n from (
            select unnest(names) union all select i.name from facestream.identity i where i.id = any (people)
            union all select a.name from facestream.identity_alias a where a.identity_id = any (people)
            union all select h.name from facestream.identity_name h
            where h.identity_id = any (people) and not facestream.is_name_of_others(h.name, people)) k(n)
        where n is not null); -- a stranger has none
    plain text[] := array(select distinct facestream.plain_name(n) from unnest(known) n);
    hashes bytea[] := array(select distinct sha256(convert_to(w, 'UTF8'))
                            from unnest(known) n,
                                lateral (values (n), (normalize(n, nfc)), (facestream.plain_name(n))) k(w));
    in_trail bytea[] := array(select facestream.name_hmac('trail', h) from unnest(hashes) h);
    photos uuid[] := array(select s.id from facestream.face_sample s where s.identity_id = any (people));
    negatives uuid[] := facestream.negatives_of(people);
    moment timestamptz;
    counts jsonb;
    left_over jsonb;
    versions bigint;
    tables text[] := array['identity', 'identity_alias', 'identity_name', 'identity_tag', 'face_sample',
                           'face_embedding', 'template', 'stranger', 'stranger_chip', 'stranger_embedding',
                           'stranger_template', 'stranger_visit', 'sighting', 'sighting_shot', 'sighting_correction',
                           'negative', 'negative_embedding', 'alert_outbox', 'alert_rule', 'alert_rule_person',
                           'gallery_undo', 'training_command'];
begin
    counts := facestream.count_erasable(people, photos, plain, negatives);
    if dry_run then
        return query select t, 0::bigint, (counts ->> t)::bigint from unnest(tables) t;
        return query select 'model_version', 0::bigint, count(*)
            from facestream.versions_made_by(array(
                select p.command_id from facestream.training_person p where p.name_hmac = any (in_trail))) v
            where v.status in ('candidate', 'standby');
        return;
    end if;

    -- Not when the transaction began: a photo may have been enrolled since, before this had the lock.
    moment := clock_timestamp();
    perform facestream.make_name_key('fence');
    insert into facestream.erasure (name_hmac, erased_at)
    select facestream.name_hmac('fence', h), moment from unnest(hashes) h
    on conflict (name_hmac) do update set erased_at = excluded.erased_at;
    insert into facestream.erased_identity (id, erased_at) select i, moment from unnest(people || negatives) i
    on conflict do nothing;
    insert into facestream.erasure_receipt (id, erased_at, people, name_hmacs)
    values (coalesce(nullif(current_setting('facestream.command', true), '')::uuid, gen_random_uuid()), moment, people,
            in_trail);
    insert into facestream.audit_trail (action, name_hmac)
    select 'erase', facestream.trail_name(n) from unnest(plain) n;
    -- A stranger has no name.
    insert into facestream.audit_trail (action, detail)
    select 'erase', jsonb_build_object('stranger', i.id) from facestream.identity i
    where i.id = any (people) and i.kind = 'stranger' and i.merged_into is null;

    delete from facestream.identity i where i.id = any (people);
    delete from facestream.negative g where g.id = any (negatives);
    perform nextval('facestream.gallery_revision');

    update facestream.training_person p set erased_at = moment where p.name_hmac = any (in_trail);
    update facestream.training_command c
    set command = jsonb_set(c.command, '{people}', coalesce(
        (select jsonb_agg(n) from jsonb_array_elements_text(c.command -> 'people') n
         where facestream.plain_name(n) <> all (plain)), '[]'))
    where jsonb_typeof(c.command -> 'people') = 'array'
        and exists (select from jsonb_array_elements_text(c.command -> 'people') n
                    where facestream.plain_name(n) = any (plain));
    update facestream.model_version v set status = 'retired', retired_at = moment
    where v.status in ('candidate', 'standby') and facestream.erased_of_version(v.version) > 0;
    get diagnostics versions = row_count;

    left_over := facestream.count_erasable(people, photos, plain, negatives);
    return query select t, (counts ->> t)::bigint, (left_over ->> t)::bigint from unnest(tables) t;
    return query select 'model_version', versions, (
        select count(*) from facestream.model_version v
        where v.status <> 'retired' and facestream.erased_of_version(v.version) > 0);
end $$;

-- The versions that training commands made, those that come from them, and those that were taught by one.
create or replace function versions_made_by(commands uuid[]) returns table (version text, status text)
    language sql stable strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
    with recursive made as (
        select v.version, v.status from facestream.model_version v where v.training_command = any (commands)
        union
        select v.version, v.status
        from facestream.model_version v
            left join facestream.training_command c on c.id = v.training_command
            join made m on m.version in (v.parent, c.command ->> 'teacher'))
    select m.version, m.status from made m
$$;
revoke all on function versions_made_by(uuid[]) from public;

-- How many of those whom a version is trained on were erased since, and of those that it comes from: what its parent
-- has learnt is in it too, and what its teacher has.
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

-- Whether a name is by now that of somebody who is not among those people. Their photos are under it.
create or replace function is_name_of_others(name text, people uuid[]) returns boolean
    language sql stable strict
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select exists (select from facestream.identity i
                   where i.kind = 'person' and facestream.plain_name(i.name) = is_name_of_others.name
                       and facestream.folded_name(i.name) = facestream.folded_name(is_name_of_others.name)
                       and i.id <> all (people))
        or exists (select from facestream.identity_alias a
                   where a.name = is_name_of_others.name and a.identity_id <> all (people))
$$;

-- How much there is of people, their photos and their negatives, by table.
drop function if exists count_erasable(uuid[], uuid[], text[]);
create or replace function count_erasable(people uuid[], photos uuid[], names text[], negatives uuid[]) returns jsonb
    language sql stable
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select jsonb_build_object(
        'identity', (select count(*) from facestream.identity i
                     where i.id = any (people) or (i.kind = 'person' and facestream.plain_name(i.name) = any (names))),
        'identity_alias', (select count(*) from facestream.identity_alias a
                           where a.identity_id = any (people) or a.name = any (names)),
        'identity_name', (select count(*) from facestream.identity_name h where h.identity_id = any (people)),
        'identity_tag', (select count(*) from facestream.identity_tag t where t.identity_id = any (people)),
        'face_sample', (select count(*) from facestream.face_sample s
                        where s.id = any (photos) or s.identity_id = any (people)),
        'face_embedding', (select count(*) from facestream.face_embedding e where e.sample_id = any (photos)),
        'template', (select count(*) from facestream.template t where t.identity_id = any (people)),
        'stranger', (select count(*) from facestream.stranger s where s.identity_id = any (people)),
        'stranger_chip', (select count(*) from facestream.stranger_chip c where c.identity_id = any (people)),
        'stranger_embedding', (select count(*) from facestream.stranger_embedding e
                               where e.chip_id in (select c.id from facestream.stranger_chip c
                                                   where c.identity_id = any (people))),
        'stranger_template', (select count(*) from facestream.stranger_template t where t.identity_id = any (people)),
        'stranger_visit', (select count(*) from facestream.stranger_visit v where v.identity_id = any (people)),
        'sighting', (select count(*) from facestream.sighting s where s.identity_id = any (people)),
        'sighting_shot', (select count(*) from facestream.sighting_shot t where t.identity_id = any (people)),
        'sighting_correction', (select count(*) from facestream.sighting_correction c
                                where c.identity_id = any (people) or c.former_id = any (people)),
        'negative', (select count(*) from facestream.negative g
                     where g.id = any (negatives) or g.identity_id = any (people)),
        'negative_embedding', (select count(*) from facestream.negative_embedding e
                               where e.negative_id = any (negatives) or e.identity_id = any (people)),
        'alert_outbox', (select count(*) from facestream.alert_outbox o where o.identity_id = any (people)),
        'alert_rule', (select count(*) from facestream.alert_rule r
                       where not (r.known or r.strangers or r.unknown) and r.tags = '{}'
                           and r.name in (select p.rule from facestream.alert_rule_person p
                                          where p.identity_id = any (people))
                           and not exists (select from facestream.alert_rule_person p
                                           where p.rule = r.name and p.identity_id <> all (people))),
        'alert_rule_person', (select count(*) from facestream.alert_rule_person p where p.identity_id = any (people)),
        'gallery_undo', (select count(*) from facestream.gallery_undo u
                         where u.identity_id = any (people) or u.previous = any (people) or u.sample_id = any (photos)),
        'training_command', (select count(*) from facestream.training_command c
                             where jsonb_typeof(c.command -> 'people') = 'array'
                                 and exists (select from jsonb_array_elements_text(c.command -> 'people') n
                                             where facestream.plain_name(n) = any (names))))
$$;

-- Those people, and everybody who is one with them: into whom they were merged, and who was merged into that one.
create or replace function one_with(people uuid[]) returns uuid[]
    language sql stable strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select array(select i.id from facestream.identity i
                 where coalesce(i.merged_into, i.id) in (
                     select coalesce(p.merged_into, p.id) from facestream.identity p where p.id = any (people)))
$$;

create or replace function check_erasing_transaction() returns void
    language plpgsql
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception 'a person is erased in a transaction that reads what others have committed meanwhile, and this '
            'one is %: nothing was erased', current_setting('transaction_isolation')
            using errcode = 'active_sql_transaction';
    end if;
end $$;

-- Erases whoever has a name, or had it before, in whichever Unicode form and with whichever white space it is written,
-- with everybody who was merged into them: see erase_found. Waits for enrolments and promotions that are under way, and
-- they for its transaction.
--
-- Nothing is erased where nobody has the name, and nobody ever had; `unknown` erases then, too, which fences photos on
-- topics of somebody who was never enrolled.
create or replace function erase_person(name text, unknown boolean, dry_run boolean)
    returns table (what text, erased bigint, remains bigint)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    wanted text := facestream.plain_name(name);
    people uuid[];
    hashes bytea[];
    in_trail bytea[];
    nearest text;
begin
    if coalesce(wanted, '') = '' then
        raise exception 'a name is needed: nothing was erased' using errcode = 'invalid_parameter_value';
    end if;
    perform facestream.check_erasing_transaction();
    hashes := array(select distinct sha256(convert_to(n, 'UTF8'))
                    from unnest(array[wanted, erase_person.name, normalize(erase_person.name, nfc)]) n);
    in_trail := array(select facestream.name_hmac('trail', h) from unnest(hashes) h);
    for locked in 0 .. 1 loop
        -- The first time without the lock, so that nobody waits for the search for a name that is misspelt.
        if locked = 1 then
            perform pg_advisory_xact_lock(7377286951989441133);
        end if;
        people := facestream.one_with(array(
            select i.id from facestream.identity i
            where i.kind = 'person' and facestream.plain_name(i.name) = wanted));
        -- Who had it before is meant where nobody has it.
        if people = '{}' then
            people := facestream.one_with(array(
                select a.identity_id from facestream.identity_alias a where a.name = wanted));
        end if;
        if unknown is not true and people = '{}'
            and not exists (select from facestream.audit_trail a where a.name_hmac = any (in_trail))
            and not exists (select from facestream.training_person p where p.name_hmac = any (in_trail))
            and not exists (select from facestream.erasure e
                            where e.name_hmac in (select facestream.name_hmac('fence', h) from unnest(hashes) h))
        then
            nearest := facestream.nearest_name(wanted);
            -- A notice goes to who asks, and not to the server's log, where a name would outlive its erasure.
            if nearest is not null then
                raise notice 'the nearest name is "%"', nearest;
            end if;
            raise exception 'nobody has that name, and nobody ever had: nothing was erased'
                using errcode = 'no_data_found', hint = 'For somebody who was never enrolled, to fence photos on '
                    'topics: facestream.erase_person(''NAME'', unknown => true).';
        end if;
    end loop;
    return query select * from facestream.erase_found(people, array[wanted, erase_person.name], dry_run);
end $$;

create or replace function erase_person(name text, unknown boolean default false)
    returns table (what text, erased bigint, remains bigint)
    language sql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
    select * from facestream.erase_person(name, unknown, false)
$$;

-- The command erase: of an id, also a stranger's, or of a name as erase_person does.
create or replace function erase_by_command(who text, unknown boolean, dry_run boolean)
    returns table (what text, erased bigint, remains bigint)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    found uuid;
begin
    if who ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        perform facestream.check_erasing_transaction();
        perform pg_advisory_xact_lock(7377286951989441133);
        found := facestream.find_identity(who);
        return query select * from facestream.erase_found(facestream.one_with(array[found]), '{}', dry_run);
    else
        return query select * from facestream.erase_person(who, unknown, dry_run);
    end if;
exception when no_data_found then
    perform facestream.refuse('no-such-person', 'nobody has that name, and nobody ever had: nothing was erased');
end $$;

revoke all on function
    erase_found(uuid[], text[], boolean), is_name_of_others(text, uuid[]),
    count_erasable(uuid[], uuid[], text[], uuid[]), one_with(uuid[]),
    check_erasing_transaction(), erase_person(text, boolean, boolean), erase_by_command(text, boolean, boolean)
    from public;
grant execute on function erase_by_command(text, boolean, boolean) to facestream_curation;
