-- Retention of the archive of the audit log, and pauses that workers missed.

-- The scheduler can neither change nor delete an entry there; this function of
-- the owner deletes for it, and keeps the last 90 days whatever it is asked for.
create function purge_audit_archive(before timestamptz, step integer) returns bigint language plpgsql security definer as $$
declare
  deleted bigint;
begin
  delete from audit_log_archive where id in (
    select id from audit_log_archive where at < least(before, now() - interval '90 days') order by at limit step
      for update skip locked);
  get diagnostics deleted = row_count;
  return deleted;
end
$$;
comment on function purge_audit_archive is
  'Deletes at most so many of the oldest entries from before a time, none younger than 90 days; returns their number.';
comment on table audit_log_archive is
  'Entries of audit_log that are older than tributary.maintenance.archive-audit-after, until they are older than keep-audit-archive.';

do $$
declare
  signature constant text := 'purge_audit_archive(timestamptz, integer)';
begin
  -- It runs with its owner's rights, so nobody else's tables may stand in for theirs.
  execute format('alter function %s set search_path = %I, pg_temp', signature, current_schema());
  execute format('revoke all on function %s from public', signature);
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    execute format('grant execute on function %s to tributary_scheduler', signature);
  end if;
end
$$;

-- The command of a pause can be lost: the topic keeps commands for a day, and its offsets may be lost. So it is sent again as
-- long as the account has a run that a worker may have.
alter table sync_pause add column confirm_at timestamptz default now() + interval '10 minutes';
comment on column sync_pause.confirm_at is
  'When to look next whether a worker has a run of it, and to send the command again; null: it had none, and none begins.';
create index sync_pause_confirm on sync_pause (confirm_at) where confirm_at is not null and user_integration_id is not null;
