-- Names fold the same whatever the database's collation, templates follow deleted vectors too, and what a template
-- follows is not truncated. The functions of names are here, and not with those that are replaced as a whole
-- (R__*.sql), for an index is made of one.

-- What cannot be seen, as PlainName.INVISIBLE has it, as a regular expression. Code points that are assigned to nothing
-- are known to PlainName alone: which they are depends on the Unicode of whom one asks.
create function invisible_characters() returns text
    language sql immutable parallel safe -- and nothing else, so that it is expanded where it is called
as $$
    select '[\u0001-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5'
           '\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff'
           '\uffa0\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3'
           '\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]'
$$;

-- The same for names that a reader takes for one: that differ in case, in width, or in what is not seen, as
-- PlainName.folded has it. Collations differ in the three letters i, in sharp s and in the final sigma, and in upper()
-- more than in lower(): these letters are folded by themselves, and upper() is not used. lower() knows as many letters
-- as its collation: where the database's own knows ASCII only, one that is there takes its place.
do $migration$
declare
    candidate text;
    works boolean;
begin
    foreach candidate in array array[
        '"default"', '"und-x-icu"', '"pg_c_utf8"', '"C.utf8"', '"C.UTF-8"', '"en_US.utf8"'] loop
        begin
            execute format('select lower(%L collate pg_catalog.%s) = %L', 'Ü', candidate, 'ü') into works;
        exception when others then
            works := false; -- it is not there
        end;
        exit when works;
    end loop;
    execute format($create$
        create or replace function folded_name(name text) returns text
            language sql immutable strict parallel safe
            set search_path = pg_catalog, pg_temp
        as $body$
            select btrim(regexp_replace(normalize(replace(replace(replace(
                lower(translate(normalize(regexp_replace(regexp_replace(
                    name, '[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'),
                    facestream.invisible_characters(), '', 'g'), nfkc), 'Iİıẞ', 'iiiß') collate pg_catalog.%s),
                'ß', 'ss'), 'ς', 'σ'), U&'i\0307', 'i'), nfc), ' +', ' ', 'g'))
        $body$ $create$, case when works then candidate else '"default"' end);
end $migration$;
-- Its entries are those of the function as it was.
reindex index identity_folded_name;

create or replace function name_is_plain() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    -- Laxer than PlainName, which looks more closely between which letters a joiner is: here it may be after any
    -- character of an Arabic or Indic script.
    if new.name <> facestream.plain_name(new.name)
        or translate(new.name, U&'\200C\200D', '') ~ facestream.invisible_characters()
        or new.name ~ '(^|[^\u0600-\u0dff])[\u200c\u200d]'
    then
        -- without the name, for this comes into the server's log
        raise exception 'a name is in Unicode NFC, with single spaces between words and nothing that cannot be seen'
            using errcode = 'check_violation',
                hint = 'facestream.plain_name(name) has that form, but for what cannot be seen';
    end if;
    return new;
end $$;

-- Vectors that are deleted without their photos; of a deleted photo nothing is left here to be found.
create function vectors_deleted() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
begin
    perform facestream.follow_photos(array(
        select distinct s.identity_id from gone g join facestream.face_sample s on s.id = g.sample_id));
    return null;
end $$;
create trigger follow_deletion after delete on face_embedding referencing old table as gone
    for each statement execute function vectors_deleted();

-- TRUNCATE tells no trigger which rows go: templates would stay, and the trail would have no row.
create function not_truncated() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'facestream.% is not truncated, for templates and audit trail follow deletions only: delete its rows',
        tg_table_name
        using errcode = 'feature_not_supported', hint = format('delete from facestream.%I', tg_table_name);
end $$;
create trigger not_truncated before truncate on identity for each statement execute function not_truncated();
create trigger not_truncated before truncate on face_sample for each statement execute function not_truncated();
create trigger not_truncated before truncate on face_embedding for each statement execute function not_truncated();

revoke all on function vectors_deleted(), not_truncated() from public;
