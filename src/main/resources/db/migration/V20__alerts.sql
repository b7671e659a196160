-- Alerts that wait for their targets, and what became of them. Written by the role alerts alone.

do $$
begin
    if not exists (select from pg_roles where rolname = 'facestream_alerts') then
        create role facestream_alerts nologin;
    end if;
exception when insufficient_privilege then
    raise exception '% may not create roles: run "create role facestream_alerts;" as superuser, then migrate again',
        current_user;
end $$;

-- One row per visit, rule, target and subject. It holds ids and no names: these are joined when an alert is delivered.
-- An erased person's rows go with the person.
create table alert_outbox (
    id                uuid        primary key,
    rule              text        not null,
    target            text        not null,
    source            text        not null,
    sighting_id       text        not null,
    subject           text        not null,
    sequence          int         not null check (sequence >= 1),
    change            text        not null check (change in ('appeared', 'updated', 'returned')),
    camera            text        not null,
    kind              text        not null check (kind in ('person', 'stranger', 'unknown')),
    identity_id       uuid        references identity (id) on delete cascade,
    supersedes_id     uuid        references identity (id) on delete set null,
    probability       real,
    reason            text,
    first_seen        timestamptz not null,
    last_seen         timestamptz not null,
    first_appended_at timestamptz not null,
    last_appended_at  timestamptz not null,
    frames            bigint      not null,
    best              jsonb       not null,
    cool_down         interval    not null,
    state             text        not null check (state in ('waiting', 'sent', 'failed', 'expired', 'cancelled',
                                                            'cooled-down', 'dropped')),
    stored_at         timestamptz not null default now(),
    due_at            timestamptz not null,
    attempts          int         not null default 0,
    lease             uuid,
    leased_until      timestamptz,
    failure           text        check (length(failure) <= 500),
    done_at           timestamptz,
    check ((kind = 'unknown') = (identity_id is null))
);

create index alert_outbox_waiting on alert_outbox (target, due_at) where state = 'waiting';
create index alert_outbox_of_visit on alert_outbox (source, sighting_id);
create index alert_outbox_cool_down on alert_outbox (rule, target, camera, subject, last_appended_at);
create index alert_outbox_of_identity on alert_outbox (identity_id);
create index alert_outbox_supersedes on alert_outbox (supersedes_id);
create index alert_outbox_leased on alert_outbox (lease) where lease is not null;
create index alert_outbox_stored on alert_outbox (stored_at);

comment on column alert_outbox.subject is 'identity_id, or ''unknown''';
comment on column alert_outbox.supersedes_id is 'whom an alert of the same visit and rule named before';
comment on column alert_outbox.failure is 'why the latest try failed';

-- One row per alert, the name as it is today.
create view alert_log as
select o.id,
       o.stored_at,
       o.rule,
       o.target,
       o.state,
       o.camera,
       o.kind,
       o.identity_id,
       i.name,
       o.source,
       o.sighting_id,
       o.last_seen,
       o.attempts,
       o.failure,
       o.done_at
from alert_outbox o
    left join identity i on i.id = o.identity_id;

grant usage on schema facestream to facestream_alerts;
grant select on flyway_schema_history to facestream_alerts;
grant select (id, name) on identity to facestream_alerts;
grant select on sighting_log to facestream_alerts;
grant select, insert, update, delete on alert_outbox to facestream_alerts;
grant select on alert_log to facestream_reader;
