-- People who sign in to the page. No role reads these tables: the role web signs in by functions, and learns no hash.
-- Users are changed by the owner alone, by `facestream users`.

-- A password is stretched by the process that gets it (PBKDF2-HMAC-SHA512, with this salt and so many rounds). The
-- database has the SHA-256 of the result, so that neither the table nor the login of web is enough to sign in.
create table web_user (
    id          uuid        primary key default gen_random_uuid(),
    name        text        not null unique check (length(name) between 1 and 100),
    role        text        not null check (role in ('viewer', 'operator', 'admin')),
    salt        bytea       not null check (length(salt) = 16),
    rounds      int         not null check (rounds between 100000 and 10000000),
    key_sha256  bytea       not null check (length(key_sha256) = 32),
    created_at  timestamptz not null default now(),
    changed_at  timestamptz not null default now()
);

-- The browser has 32 random bytes, and every replica asks here whose they are: there is no key to share, and who is
-- removed is signed out at once.
create table web_session (
    token_sha256 bytea       primary key check (length(token_sha256) = 32),
    user_id      uuid        not null references web_user on delete cascade,
    opened_at    timestamptz not null default now(),
    expires_at   timestamptz not null
);
create index web_session_of_user on web_session (user_id);
create index web_session_past on web_session (expires_at);

-- Wrong passwords lately, at places of names and of names with addresses. Each of the two kinds shares 4,096 places, so
-- that whoever makes names up fills no disk.
create table sign_in_failure (
    place    int         primary key,
    since    timestamptz not null,
    failures int         not null
);

-- What people do by the page. Earlier migrations add actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check'
                   ' check (%s or action in (%L, %L, %L, %L, %L))',
                   allowed, 'add-user', 'remove-user', 'change-password', 'sign-in', 'show-photo');
end $$;

-- For the salts of users that there are not. The key of the trail would tell who is in it.
alter table name_key drop constraint name_key_purpose_check;
alter table name_key add constraint name_key_purpose_check check (purpose in ('fence', 'trail', 'salt'));
select make_name_key('salt');

create function audit_user() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    changed facestream.web_user := case tg_op when 'DELETE' then old else new end;
begin
    insert into facestream.audit_trail (action, detail)
    values (case tg_op when 'INSERT' then 'add-user' when 'DELETE' then 'remove-user' else 'change-password' end,
            jsonb_build_object('user', changed.id, 'userName', changed.name, 'role', changed.role));
    return null;
end $$;
create trigger audit_user after insert or update or delete on web_user for each row execute function audit_user();
revoke all on function audit_user() from public;

-- The latest visits of a person.
create index sighting_of_identity_by_time on sighting (identity_id, first_seen);
drop index sighting_of_identity;
