-- Erasing a person is one function, which the database's owner calls.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- Erases a person, in whichever Unicode form and with whichever white space the name is written: photos, vectors,
-- templates, best shots; visits are nobody's from then on; photos that were published up to now will not
-- be enrolled, and versions trained on the person that are not
-- in use are retired. Waits for enrolments and promotions that are under way, and they for its transaction.
--
-- The rows say of what how much was erased, and how much is left: of model_version those that are trained on the person
-- and not retired, which is the active one. What else is left: records on topics until their time is up, backups, and
-- dead rows until they are vacuumed.
--
-- Nothing is erased where nobody has the name, and nobody ever had; `unknown` erases then, too, which fences photos on
-- topics of somebody who was never enrolled.
create or replace function erase_person(name text, unknown boolean default false)
    returns table (what text, erased bigint, remains bigint)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    wanted text := facestream.plain_name(name);
    people uuid[];
    photos uuid[];
    visits bigint;
    shots bigint;
    hashes bytea[];
    in_trail bytea[];
    nearest text;
    moment timestamptz;
    counts bigint[];
    commands bigint;
    versions bigint;
begin
    if coalesce(wanted, '') = '' then
        raise exception 'a name is needed: nothing was erased' using errcode = 'invalid_parameter_value';
    end if;
    if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
        raise exception 'a person is erased in a transaction that reads what others have committed meanwhile, and this '
            'one is %: nothing was erased', current_setting('transaction_isolation') using errcode = 'active_sql_transaction';
    end if;
    for locked in 0 .. 1 loop
        -- The first time without the lock, so that nobody waits for the search for a name that is misspelt.
        if locked = 1 then
            perform pg_advisory_xact_lock(7377286951989441133);
        end if;
        people := array(select i.id from facestream.identity i
                        where i.kind = 'person' and facestream.plain_name(i.name) = wanted);
        -- The fence is passed by a name's hash alone, so it has every way of writing it that is known.
        hashes := array(
            select distinct sha256(convert_to(n, 'UTF8'))
            from (select unnest(array[wanted, erase_person.name, normalize(erase_person.name, nfc)])
                  union all
                  select unnest(array[i.name, normalize(i.name, nfc)])
                  from facestream.identity i where i.id = any (people)) known(n));
        in_trail := array(select facestream.name_hmac('trail', h) from unnest(hashes) h);
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

    -- Not when the transaction began: a photo may have been enrolled since, before this had the lock.
    moment := clock_timestamp();
    perform facestream.make_name_key('fence');
    insert into facestream.erasure (name_hmac, erased_at)
    select facestream.name_hmac('fence', h), moment from unnest(hashes) h
    on conflict (name_hmac) do update set erased_at = excluded.erased_at;
    insert into facestream.audit_trail (action, name_hmac) values ('erase', facestream.trail_name(wanted));

    photos := array(select s.id from facestream.face_sample s where s.identity_id = any (people));
    counts := array[
        cardinality(people),
        cardinality(photos),
        (select count(*) from facestream.face_embedding e where e.sample_id = any (photos)),
        (select count(*) from facestream.template t where t.identity_id = any (people)),
        (select count(*) from facestream.alert_outbox o where o.identity_id = any (people))];
    -- A visit stays, and is nobody's; its best shot goes.
    visits := (select count(*) from facestream.sighting s where s.identity_id = any (people));
    shots := (select count(*) from facestream.sighting_shot t where t.identity_id = any (people));
    delete from facestream.identity i where i.id = any (people);
    perform nextval('facestream.gallery_revision');

    update facestream.training_person p set erased_at = moment where p.name_hmac = any (in_trail);
    update facestream.training_command c
    set command = jsonb_set(c.command, '{people}', coalesce(
        (select jsonb_agg(n) from jsonb_array_elements_text(c.command -> 'people') n
         where facestream.plain_name(n) <> wanted), '[]'))
    where jsonb_typeof(c.command -> 'people') = 'array'
        and exists (select from jsonb_array_elements_text(c.command -> 'people') n
                    where facestream.plain_name(n) = wanted);
    get diagnostics commands = row_count;
    update facestream.model_version v set status = 'retired', retired_at = moment
    where v.status in ('candidate', 'standby') and facestream.erased_of_version(v.version) > 0;
    get diagnostics versions = row_count;

    return query values
        ('identity', counts[1], (select count(*) from facestream.identity i
                                 where i.kind = 'person' and facestream.plain_name(i.name) = wanted)),
        ('face_sample', counts[2], (select count(*) from facestream.face_sample s where s.id = any (photos))),
        ('face_embedding', counts[3], (select count(*) from facestream.face_embedding e
                                       where e.sample_id = any (photos))),
        ('template', counts[4], (select count(*) from facestream.template t where t.identity_id = any (people))),
        ('sighting', visits, (select count(*) from facestream.sighting s where s.identity_id = any (people))),
        ('sighting_shot', shots, (select count(*) from facestream.sighting_shot t where t.identity_id = any (people))),
        ('alert_outbox', counts[5], (select count(*) from facestream.alert_outbox o
                                     where o.identity_id = any (people) or o.supersedes_id = any (people))),
        ('training_command', commands, (select count(*) from facestream.training_command c
                                         where jsonb_typeof(c.command -> 'people') = 'array'
                                             and exists (select from jsonb_array_elements_text(c.command -> 'people') n
                                                         where facestream.plain_name(n) = wanted))),
        ('model_version', versions, (select count(*) from facestream.model_version v
                                      where v.status <> 'retired' and facestream.erased_of_version(v.version) > 0));
end $$;
