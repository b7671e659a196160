-- What is known of each erasure until nothing is left of it, and after: it is verified when topics have deleted their
-- records and the tables were vacuumed. It names nobody. Written by erase_found and the role curation.

create table erasure_receipt (
    id           uuid        primary key, -- the command's; of an erasure in SQL, one of its own
    erased_at    timestamptz not null,
    people       uuid[]      not null,    -- ids that mean nothing any more
    name_hmacs   bytea[]     not null,    -- as trail_name() has them
    topics       jsonb,                   -- what each held, and when it was gone; null until the broker was asked
    transactions text[],                  -- that were under way after the erasure: they may see who was erased
    vacuum_from  timestamptz,             -- when the last of these had ended: a vacuum that began later counts
    vacuumed_at  timestamptz,
    visits_ended timestamptz,             -- when no visit that was open at the erasure was open any more
    checked_at   timestamptz not null default '-infinity',
    waiting_for  text,
    verified_at  timestamptz,
    announced    boolean     not null default false -- that it is verified
);
create index erasure_receipt_open on erasure_receipt (checked_at) where not announced;

grant select, update (topics, checked_at, waiting_for, verified_at, announced) on erasure_receipt
    to facestream_curation;

-- The planner keeps samples of what columns hold, and of a table that became empty for ever: none of names, and of the
-- vectors of all versions together none, since only autovacuum takes them anew, for one version at a time.
alter table identity alter name set statistics 0;
alter table identity_alias alter name set statistics 0;
alter table gallery_undo alter name set statistics 0;
alter table gallery_command alter command set statistics 0;
alter table training_command alter command set statistics 0;
alter table face_embedding alter embedding set statistics 0;
alter table template alter embedding set statistics 0;
alter index identity_plain_name alter 1 set statistics 0;
alter index identity_folded_name alter 1 set statistics 0;

-- Archives: what leaves the gallery, and comes back. Other migrations add actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check check (%s or action in (%L, %L))',
                   allowed, 'export', 'import');
end $$;
