-- What somebody did is called `action` in the audit trail, and no longer `deed`. The table is `audit_trail`;
-- `facestream.audit`, which people read, is a view of it that has the column by both names, so that what they have
-- written goes on working.
alter table audit rename to audit_trail;
alter table audit_trail rename column deed to action;
alter table audit_trail rename constraint audit_deed_check to audit_trail_action_check;
alter table audit_trail rename constraint audit_name_sha256_check to audit_trail_name_hmac_check;
alter index audit_pkey rename to audit_trail_pkey;
alter index audit_name rename to audit_trail_name;
alter sequence audit_id_seq rename to audit_trail_id_seq;

-- Functions of earlier migrations write through it until R__audit_trail.sql has replaced them.
create view audit as
select t.id,
       t.at,
       t.who,
       t.client,
       t.address,
       t.action as deed, -- its name before this migration
       t.name_hmac,
       t.model_version,
       t.detail,
       t.action
from audit_trail t;

-- Whoever was granted to read the table, all of it or some columns, may read as much of the view.
do $$
declare
    given record;
begin
    for given in
        select a.grantee, a.is_grantable, '' as columns
        from pg_class c, aclexplode(c.relacl) a
        where c.oid = 'audit_trail'::regclass and a.grantee <> c.relowner and a.privilege_type = 'SELECT'
        union all
        select a.grantee, a.is_grantable,
               case t.attname when 'action' then '(action, deed)' else format('(%I)', t.attname) end
        from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
        where c.oid = 'audit_trail'::regclass and a.grantee <> c.relowner and a.privilege_type = 'SELECT'
    loop
        execute format('grant select %s on audit to %s %s',
            given.columns,
            case given.grantee when 0 then 'public' else given.grantee::regrole::text end,
            case when given.is_grantable then 'with grant option' else '' end);
    end loop;
end $$;
