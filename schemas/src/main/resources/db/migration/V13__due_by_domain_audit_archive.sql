-- What is due is found integration by integration: so those that are paused are passed over as a whole.
drop index user_integration_due;
create index user_integration_due on user_integration (integration_domain, next_sync_at)
  where sync_status = 'active' and next_sync_at is not null;

-- Where old entries of the audit log go. The scheduler adds and reads; only whoever migrates can change or delete.

create index audit_log_at on audit_log (at);

create table audit_log_archive (
  id bigint primary key,
  at timestamptz not null,
  user_id text not null,
  operator boolean not null,
  action text not null,
  target text not null,
  status integer,
  remote_address text not null
);
comment on table audit_log_archive is 'Entries of audit_log that are older than tributary.housekeeping.archive-audit-after.';

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert on audit_log_archive to tributary_scheduler;
  end if;
end
$$;
