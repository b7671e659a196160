-- Rules of alerts that come by the command alert-rule. A function refuses what is not possible with SQLSTATE FS001, the
-- reason's code in the error's detail.
--
-- The one current definition. Flyway runs this file after all versioned migrations, and again whenever its text
-- changes; replacing a function or a view leaves its owner and everybody's rights to it as they are. One that is new
-- here, or is dropped first because its parameters or columns change, gets its rights here too: `revoke all ... from
-- public`, then the grants.

-- Refuses the name of a rule of the settings.
create or replace function check_rule_is_no_setting(rule text) returns void
    language plpgsql strict
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    if exists (select from facestream.alert_settings_rule s where s.name = check_rule_is_no_setting.rule) then
        perform facestream.refuse('rule-of-settings', format(
            'the settings have a rule %s, facestream.alerts.rules.%1$s: an operator changes it there', rule));
    end if;
end $$;

-- Adds a rule, or replaces it. People are ids or names, strangers too; returns how many it names.
create or replace function put_alert_rule(rule text, people text[], known boolean, strangers boolean, unknown boolean,
    tags text[], cameras text[], spans text[], zone text, cool_down interval, targets text[]) returns bigint
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, public, pg_temp
as $$
declare
    most constant bigint := 1000;
    missing text := (select string_agg(t, ', ' order by t) from unnest(targets) t
                     where t not in (select a.name from facestream.alert_target a));
    longest interval := (select min(a.keep) from facestream.alert_target a where a.name = any (targets));
    ids uuid[];
    named bigint;
begin
    perform facestream.check_rule_is_no_setting(rule);
    if missing is not null then
        perform facestream.refuse('no-such-target', format('no target is called %s; %s', missing, coalesce(
            'targets are ' || (select string_agg(a.name, ', ' order by a.name) from facestream.alert_target a),
            'there is none: an operator sets facestream.alerts.targets, and starts the role alerts')));
    elsif cool_down > longest then
        perform facestream.refuse('cool-down-too-long', format(
            'coolDown is %s at most: alerts are forgotten then, as facestream.alerts.keep says', longest));
    end if;
    ids := array(select distinct facestream.find_identity(p) from unnest(people) p);
    perform facestream.hold_people(ids);
    if (select count(*) from facestream.alert_rule r where r.name <> put_alert_rule.rule) >= most then
        perform facestream.refuse('too-many-rules', format('there are %s rules already: remove one', most));
    end if;
    insert into facestream.alert_rule as r
        (name, known, strangers, unknown, tags, cameras, spans, zone, cool_down, targets)
    values (rule, put_alert_rule.known, put_alert_rule.strangers, put_alert_rule.unknown, put_alert_rule.tags,
            put_alert_rule.cameras, put_alert_rule.spans, put_alert_rule.zone, put_alert_rule.cool_down,
            put_alert_rule.targets)
    on conflict (name) do update set
        known = excluded.known, strangers = excluded.strangers, unknown = excluded.unknown, tags = excluded.tags,
        cameras = excluded.cameras, spans = excluded.spans, zone = excluded.zone, cool_down = excluded.cool_down,
        targets = excluded.targets, updated_at = now();
    -- In this order, so that it is never about nobody meanwhile.
    insert into facestream.alert_rule_person (rule, identity_id) select put_alert_rule.rule, i from unnest(ids) i
    on conflict do nothing;
    delete from facestream.alert_rule_person p where p.rule = put_alert_rule.rule and p.identity_id <> all (ids);
    named := cardinality(ids);
    insert into facestream.audit_trail (action, detail)
    values ('alert-rule', jsonb_build_object('rule', rule, 'people', named, 'known', known, 'strangers', strangers,
                                             'unknown', unknown, 'tags', tags, 'targets', targets));
    return named;
end $$;

create or replace function remove_alert_rule(rule text) returns void
    language plpgsql strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
begin
    perform facestream.check_rule_is_no_setting(rule);
    delete from facestream.alert_rule r where r.name = remove_alert_rule.rule;
    if not found then
        perform facestream.refuse('no-such-rule', format('there is no rule %s', rule));
    end if;
end $$;

-- The rules that name somebody, or who was merged into them.
create or replace function rules_naming(who uuid) returns setof text
    language sql stable strict security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select p.rule from facestream.alert_rule_person p where p.identity_id = who
    union
    select p.rule from facestream.identity m join facestream.alert_rule_person p on p.identity_id = m.id
    where m.merged_into = who
$$;

-- Whom rules name, as who they are now.
create or replace view alert_rule_people as
select distinct p.rule, coalesce(i.merged_into, i.id) as identity_id
from alert_rule_person p join identity i on i.id = p.identity_id;

-- One row per rule. Of those of the settings only the name is known. Whom it is about are words and tags, and the
-- people that it names, of whom some are shown by name; strangers have an id.
create or replace view alert_rules as
select r.name,
       'command'                                                                               as origin,
       array(select w.word from (values (1, 'anybody', r.known and r.unknown),
                                        (2, 'known', r.known and not r.unknown),
                                        (3, 'strangers', r.strangers),
                                        (4, 'unknown', r.unknown and not r.known)) w(place, word, holds)
             where w.holds order by w.place) || array(select 'tag:' || t from unnest(r.tags) t) as who,
       (select count(*) from alert_rule_people p where p.rule = r.name)                        as people,
       array(select coalesce(i.name, i.id::text)
             from alert_rule_people p join identity i on i.id = p.identity_id
             where p.rule = r.name order by 1 limit 10)                                        as some_people,
       r.cameras,
       r.spans,
       r.zone,
       r.cool_down,
       r.targets,
       array(select t from unnest(r.targets) t where t not in (select a.name from alert_target a) order by 1)
                                                                                               as missing_targets,
       r.updated_at
from alert_rule r
where r.name not in (select s.name from alert_settings_rule s)
union all
select s.name, 'settings', null, null, null, null, null, null, null, null, null, null
from alert_settings_rule s;

-- How each target does, by the alerts that are remembered: how many wait, when it took one last, when one was given up
-- or its latest try failed, and why. It tells nobody's name. The alerts are read twice, however many targets there are.
create or replace function target_states()
    returns table (target text, waiting bigint, sent_at timestamptz, failed_at timestamptz, failure text)
    language sql stable security definer
    set search_path = pg_catalog, facestream, pg_temp
as $$
    select t.name,
           (select count(*) from facestream.alert_outbox o where o.target = t.name and o.state = 'waiting'),
           (select max(o.done_at) from facestream.alert_outbox o where o.target = t.name and o.state = 'sent'),
           f.at,
           f.failure
    from facestream.alert_target t
        left join lateral (
            select coalesce(o.done_at, o.stored_at) as at, o.failure
            from facestream.alert_outbox o
            where o.target = t.name and o.failure is not null and o.state in ('waiting', 'failed', 'expired')
            order by coalesce(o.done_at, o.stored_at) desc limit 1) f on true
$$;

revoke all on function check_rule_is_no_setting(text), put_alert_rule(text, text[], boolean, boolean, boolean, text[],
    text[], text[], text, interval, text[]), remove_alert_rule(text), rules_naming(uuid), target_states() from public;
grant execute on function put_alert_rule(text, text[], boolean, boolean, boolean, text[], text[], text[], text,
    interval, text[]), remove_alert_rule(text) to facestream_curation;
grant execute on function rules_naming(uuid) to facestream_alerts;
revoke all on alert_rules, alert_rule_people from public;
grant select on alert_rules, alert_rule_people to facestream_reader, facestream_web;
grant select on alert_target to facestream_web;
grant execute on function target_states() to facestream_web;
