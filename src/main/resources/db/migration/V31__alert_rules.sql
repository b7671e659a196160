-- Rules of alerts that come by the command alert-rule. The role curation writes them by the functions of R__rules.sql;
-- the role alerts reads them with each batch of visits. They hold ids and no names.

-- What the settings of the role alerts say, which it writes when it starts: a command names a target that is there, and
-- changes no rule of the settings. No address and no secret is here.
create table alert_target (
    name text     primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    keep interval not null
);
create table alert_settings_rule (
    name text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$')
);
comment on column alert_target.keep is 'how long its alerts are remembered: no cool-down is longer';

create table alert_rule (
    name       text        primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    known      boolean     not null,
    strangers  boolean     not null,
    unknown    boolean     not null,
    tags       text[]      not null check (cardinality(tags) <= 100),
    cameras    text[]      not null check (cardinality(cameras) between 1 and 100),
    spans      text[]      not null check (cardinality(spans) <= 100),
    zone       text        not null check (length(zone) <= 64),
    cool_down  interval    not null check (cool_down >= interval '0'),
    targets    text[]      not null check (cardinality(targets) between 1 and 100),
    updated_at timestamptz not null default now()
);
comment on column alert_rule.known is 'it is about everybody who is in the gallery';
comment on column alert_rule.unknown is 'it is about everybody who is not, strangers among them';
comment on column alert_rule.cameras is '* stands for any characters, ? for one';
comment on column alert_rule.spans is 'of the week, such as mon-fri 22:00-06:00; none: always';

-- Whom a rule names: people and strangers. Whoever was merged keeps the row, and is meant as who it is now.
create table alert_rule_person (
    rule        text not null references alert_rule on delete cascade,
    identity_id uuid not null references identity on delete cascade,
    primary key (rule, identity_id)
);
create index alert_rule_person_of on alert_rule_person (identity_id);

-- A rule that is about nobody any more goes with the last whom it named.
create function remove_rules_about_nobody() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    delete from facestream.alert_rule r
    where r.name in (select g.rule from gone g)
        and not (r.known or r.strangers or r.unknown) and r.tags = '{}'
        and not exists (select from facestream.alert_rule_person p where p.rule = r.name);
    return null;
end $$;
create trigger remove_rules_about_nobody after delete on alert_rule_person
    referencing old table as gone for each statement execute function remove_rules_about_nobody();

-- What a rule has made and nobody was told of yet is not sent once it is removed.
create function end_alert_rule() returns trigger
    language plpgsql security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    update facestream.alert_outbox o set state = 'cancelled', done_at = now()
    where o.rule = old.name and o.state = 'waiting';
    insert into facestream.audit_trail (action, detail)
    values ('remove-alert-rule', jsonb_build_object('rule', old.name));
    return null;
end $$;
create trigger end_alert_rule after delete on alert_rule for each row execute function end_alert_rule();

-- Earlier migrations allow actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check check (%s or action in (%L, %L))',
                   allowed, 'alert-rule', 'remove-alert-rule');
end $$;

grant select on alert_rule to facestream_alerts;
grant select, insert, update, delete on alert_target, alert_settings_rule to facestream_alerts;
