-- People whom a provider of OpenID Connect vouches for, and programs with its tokens. The owner says which providers
-- are trusted, by `facestream users trust`. Until then the login of web opens sessions by passwords only.
create table oidc_issuer (
    issuer     text        primary key check (length(issuer) between 1 and 500),
    trusted_at timestamptz not null default now()
);

-- Such a session has no user of ours. Whoever no longer trusts a provider ends all of its sessions.
alter table web_session
    alter column user_id drop not null,
    add column issuer  text    references oidc_issuer on delete cascade,
    add column subject text    check (length(subject) between 1 and 255),
    add column shown   text    check (length(shown) between 1 and 100),
    add column role    text    check (role in ('viewer', 'operator', 'admin')),
    add column api     boolean not null default false,
    add constraint web_session_whose
        check (num_nonnulls(issuer, subject, shown, role) = case when user_id is null then 4 else 0 end);
create index web_session_of_issuer on web_session (issuer);

comment on column web_session.shown is 'the name that the provider tells, for the page alone';
comment on column web_session.api is 'of a token that a program brings to the REST API; it opens no page';

-- Earlier migrations allow actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check check (%s or action in (%L, %L))',
                   allowed, 'trust-issuer', 'distrust-issuer');
end $$;

create function audit_issuer() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    changed facestream.oidc_issuer := case tg_op when 'DELETE' then old else new end;
begin
    insert into facestream.audit_trail (action, detail)
    values (case tg_op when 'DELETE' then 'distrust-issuer' else 'trust-issuer' end,
            jsonb_build_object('issuer', changed.issuer));
    return null;
end $$;
create trigger audit_issuer after insert or delete on oidc_issuer for each row execute function audit_issuer();
revoke all on function audit_issuer() from public;
