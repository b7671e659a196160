-- Erasing a person is one function, which the database's owner calls.

alter table audit drop constraint audit_deed_check;
alter table audit add constraint audit_deed_check check (deed in ('enrol', 'rename', 'reassign', 'delete-photo', 'delete', 'erase',
    'add-model', 'promote', 'roll-back', 'retire', 'export-model'));

-- A name as it is compared: composed characters (NFC), and one blank for any run of white space of any kind.
create function plain_name(name text) returns text
    language sql immutable strict
    set search_path = pg_catalog, pg_temp
as $$
    select btrim(regexp_replace(translate(normalize(name, nfc),
        U&'\0009\000A\000B\000C\000D\0085\00A0\1680\2000\2001\2002\2003\2004\2005\2006\2007\2008\2009\200A\2028\2029\202F\205F\3000',
        repeat(' ', 24)), ' +', ' ', 'g'))
$$;

-- Whoever adds a person computes the name for it, and may call the function.
create index identity_plain_name on identity (facestream.plain_name(name)) where kind = 'person';

-- Letters and digits in lower case, in overlapping pairs: names that share most of them are written alike.
create function letter_pairs(name text) returns text[]
    language sql immutable strict
    set search_path = pg_catalog, pg_temp
as $$
    select array(
        select distinct substr(l.letters, n, 2)
        from (select lower(regexp_replace(normalize(name, nfc), '[^[:alnum:]]', '', 'g')) as letters) l,
            generate_series(1, greatest(1, length(l.letters) - 1)) n)
$$;

-- The person who is written most like a name that nobody has, among those who begin with the same letter and are about as long; null where
-- nobody is much like it. Of a very large gallery not everybody is looked at: it is a hint.
create function nearest_name(name text) returns text
    language sql stable strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select i.name
    from (select facestream.letter_pairs(nearest_name.name) as pairs) w,
        (select x.name from facestream.identity x
         where x.kind = 'person' and lower(left(x.name, 1)) = lower(left(nearest_name.name, 1))
             and abs(length(x.name) - length(nearest_name.name)) <= 3
         limit 5000) i,
        lateral (select count(*) as own, count(*) filter (where p = any (w.pairs)) as shared
                 from unnest(facestream.letter_pairs(i.name)) p) c
    where 2 * c.shared >= 0.7 * (c.own + cardinality(w.pairs))
    order by 2.0 * c.shared / (c.own + cardinality(w.pairs)) desc, i.name
    limit 1
$$;

-- Erases a person, in whichever Unicode form and with whichever white space the name is written: photos, vectors, templates; photos
-- that were published up to now will not be enrolled, and versions trained on the person that are not in use are retired. Waits for
-- enrolments and promotions that are under way, and they for its transaction.
--
-- The rows say of what how much was erased, and how much is left: of model_version those that are trained on the person and not
-- retired, which is the active one. What else is left: records on topics until their time is up, backups, and dead rows until they are
-- vacuumed.
--
-- Nothing is erased where nobody has the name, and nobody ever had; `unknown` erases then, too, which fences photos on topics of
-- somebody who was never enrolled.
create function erase_person(name text, unknown boolean default false)
    returns table (what text, erased bigint, remains bigint)
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    wanted text := facestream.plain_name(name);
    people uuid[];
    photos uuid[];
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
        raise exception 'a person is erased in a transaction that reads what others have committed meanwhile, and this one is %: '
            'nothing was erased', current_setting('transaction_isolation') using errcode = 'active_sql_transaction';
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
            and not exists (select from facestream.audit a where a.name_hmac = any (in_trail))
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
                using errcode = 'no_data_found', hint = 'For somebody who was never enrolled, to fence photos on topics: '
                    'facestream.erase_person(''NAME'', unknown => true).';
        end if;
    end loop;

    -- Not when the transaction began: a photo may have been enrolled since, before this had the lock.
    moment := clock_timestamp();
    perform facestream.make_name_key('fence');
    insert into facestream.erasure (name_hmac, erased_at)
    select facestream.name_hmac('fence', h), moment from unnest(hashes) h
    on conflict (name_hmac) do update set erased_at = excluded.erased_at;
    insert into facestream.audit (deed, name_hmac) values ('erase', facestream.trail_name(wanted));

    photos := array(select s.id from facestream.face_sample s where s.identity_id = any (people));
    counts := array[
        cardinality(people),
        cardinality(photos),
        (select count(*) from facestream.face_embedding e where e.sample_id = any (photos)),
        (select count(*) from facestream.template t where t.identity_id = any (people))];
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
        ('face_embedding', counts[3], (select count(*) from facestream.face_embedding e where e.sample_id = any (photos))),
        ('template', counts[4], (select count(*) from facestream.template t where t.identity_id = any (people))),
        ('training_command', commands, (select count(*) from facestream.training_command c
                                         where jsonb_typeof(c.command -> 'people') = 'array'
                                             and exists (select from jsonb_array_elements_text(c.command -> 'people') n
                                                         where facestream.plain_name(n) = wanted))),
        ('model_version', versions, (select count(*) from facestream.model_version v
                                      where v.status <> 'retired' and facestream.erased_of_version(v.version) > 0));
end $$;

-- Takes away fences that no photo can come upon any more, and with the last one the key, so that none of them, in a backup either, can
-- be told from chance. Enrolment calls it now and then with the time that labelled-faces keeps photos. Where a training command has
-- named other topics, whose time it does not know, nothing is taken away, unless the owner says that the time is that of all of them.
create function drop_past_fences(photos_kept interval, of_all_topics boolean default false) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
declare
    -- No sooner than after the 30 days that the topic has of its own, whoever asks.
    past timestamptz := clock_timestamp() - greatest(photos_kept, interval '30 days') - interval '1 day';
    dropped bigint;
begin
    if not exists (select from facestream.erasure e where e.erased_at < past) then
        return 0;
    end if;
    if not of_all_topics and exists (
        select from facestream.training_command c
        where jsonb_typeof(c.command -> 'topics') = 'array'
            and exists (select from jsonb_array_elements_text(c.command -> 'topics') t where t <> 'labelled-faces'))
    then
        return 0;
    end if;
    perform pg_advisory_xact_lock(7377286951989441133); -- an erasure that is under way is to keep its key
    delete from facestream.erasure e where e.erased_at < past;
    get diagnostics dropped = row_count;
    delete from facestream.name_key k
    where k.purpose = 'fence' and not exists (select from facestream.erasure);
    return dropped;
end $$;

revoke all on function letter_pairs(text), nearest_name(text), erase_person(text, boolean),
    drop_past_fences(interval, boolean) from public;
grant execute on function drop_past_fences(interval, boolean) to facestream_enrolment;
