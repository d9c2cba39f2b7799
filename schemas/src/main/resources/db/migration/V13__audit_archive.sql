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
