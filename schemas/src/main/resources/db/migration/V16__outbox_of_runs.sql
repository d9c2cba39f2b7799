-- The outbox of runs is a table of its own. While it was a partial index of sync_run, to mark a run as dispatched wrote to
-- every index of that table; now the new version of the row finds room on its page, and no index hears of it. So do the
-- numbers of a run's progress.

drop index sync_run_outbox;
alter table sync_run set (fillfactor = 50);

create table run_outbox (
  sequence bigint primary key
);
comment on table run_outbox is 'Runs whose initial task is not on the topic yet, by sync_run.sequence.';

insert into run_outbox select sequence from sync_run where dispatched_at is null and finished_at is null;

-- Triggers rather than code: whoever queues a run cannot forget it.
create function queue_runs() returns trigger language plpgsql security definer as $$
begin
  insert into run_outbox select sequence from queued where dispatched_at is null and finished_at is null;
  return null;
end
$$;
create trigger runs_queued after insert on sync_run referencing new table as queued
  for each statement execute function queue_runs();

create function forget_queued_runs() returns trigger language plpgsql security definer as $$
begin
  delete from run_outbox o using gone where o.sequence = gone.sequence and gone.dispatched_at is null;
  return null;
end
$$;
create trigger queued_runs_deleted after delete on sync_run referencing old table as gone
  for each statement execute function forget_queued_runs();

do $$
begin
  execute format('alter function queue_runs() set search_path = %I, pg_temp', current_schema());
  execute format('alter function forget_queued_runs() set search_path = %I, pg_temp', current_schema());
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on run_outbox to tributary_scheduler;
  end if;
end
$$;
