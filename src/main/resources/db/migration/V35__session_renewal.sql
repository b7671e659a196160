-- A provider vouches for somebody for some minutes, by an ID token, and is asked again while the session lasts. What it
-- is asked by is kept encrypted with a key that takes the browser's cookie: nobody can read it in the database.
alter table web_session
    add column sealed         bytea check (length(sealed) between 1 and 32768),
    add column ends_at        timestamptz,
    add column renewing_until timestamptz,
    add constraint web_session_renewal check ((sealed is null) = (ends_at is null) and (sealed is null or not api));

comment on column web_session.expires_at is 'until when it counts as it is';
comment on column web_session.ends_at is 'until when it can be renewed; null if it cannot';
comment on column web_session.renewing_until is 'until when a replica that renews it is waited for';
