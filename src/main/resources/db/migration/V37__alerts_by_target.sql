-- How each target does, for the page: the latest alert that it took, and the latest that failed, out of many.
create index alert_outbox_sent on alert_outbox (target, done_at) where state = 'sent';
create index alert_outbox_failure on alert_outbox (target, (coalesce(done_at, stored_at)))
    where failure is not null and state in ('waiting', 'failed', 'expired');
