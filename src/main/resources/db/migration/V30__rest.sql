-- What the role web does beside searching: 'compare' is that a face was compared with one photo, 'refuse-sign-in' that
-- a name was locked after too many wrong passwords. Earlier migrations add actions too, so what they allow stays.
do $$
declare
    allowed text := (select pg_get_expr(c.conbin, c.conrelid) from pg_constraint c
                     where c.conrelid = 'audit_trail'::regclass and c.conname = 'audit_trail_action_check');
begin
    alter table audit_trail drop constraint audit_trail_action_check;
    execute format('alter table audit_trail add constraint audit_trail_action_check check (%s or action in (%L, %L))',
                   allowed, 'compare', 'refuse-sign-in');
end $$;
