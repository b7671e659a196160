-- Which cameras a session looks at live, and in which minute it did last, so that the audit trail has one row a minute.
create table live_look (
    token_sha256 bytea       not null references web_session on delete cascade,
    camera       text        not null check (length(camera) <= 256),
    minute       timestamptz not null,
    primary key (token_sha256, camera)
);

-- Earlier migrations allow actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check check (%s or action = %L)',
                   allowed, 'watch-live');
end $$;
