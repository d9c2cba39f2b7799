-- When what is synced. The row of a user integration has the schedule and the state of its default sync type; every
-- further sync type has a row of its own in sync_schedule.

alter table user_integration
  -- Of the cron expression and the pause windows; IANA.
  add column schedule_zone text not null default 'UTC',
  -- Up to so many seconds are added to the next time by chance; null: a tenth of the interval, a minute at most.
  add column jitter_seconds integer check (jitter_seconds between 0 and 86400),
  -- A time that comes while a run is under way: skip it, or run once more at its end.
  add column overlap text not null default 'skip' check (overlap in ('skip', 'queue_one')),
  -- A time that was missed while no scheduler ran: run once when one does, or wait for the next time.
  add column catch_up text not null default 'once' check (catch_up in ('once', 'none')),
  -- [{"days": ["MONDAY"], "from": "22:00", "to": "06:00"}]: nothing is started then; null: no window.
  add column pause_windows jsonb;

create table sync_schedule (
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  sync_type text not null,
  -- A cron expression goes before it.
  interval_seconds integer not null check (interval_seconds between 10 and 31536000),
  schedule_cron text,
  schedule_zone text not null default 'UTC',
  jitter_seconds integer check (jitter_seconds between 0 and 86400),
  overlap text not null default 'skip' check (overlap in ('skip', 'queue_one')),
  catch_up text not null default 'once' check (catch_up in ('once', 'none')),
  pause_windows jsonb,
  sync_state jsonb not null default '{}',
  last_sync_at timestamptz,
  -- When the next run is due; null while one is under way, and while the user integration is not active.
  next_sync_at timestamptz,
  primary key (user_integration_id, sync_type)
);
comment on table sync_schedule is 'Schedule and state of a sync type that is not the default one of its integration.';

-- A cycle reads this index from its left end, as that of user_integration.
create index sync_schedule_due on sync_schedule (next_sync_at) where next_sync_at is not null;

-- Whether schedule and state of the run are those of sync_schedule; otherwise they are those of user_integration.
alter table sync_run add column own_schedule boolean not null default false;

-- Whoever stops or resumes a user integration stops or resumes all that is scheduled for it. What is under way gets its
-- next time when it ends.
-- With the rights of its owner: not everybody who may set the status may change schedules.
create function follow_sync_status() returns trigger language plpgsql security definer set search_path from current as $$
begin
  update sync_schedule s
     set next_sync_at = case when new.sync_status = 'active' and not exists (
           select from sync_run r
            where r.user_integration_id = s.user_integration_id and r.sync_type = s.sync_type
              and r.finished_at is null and r.own_schedule and r.trigger not in ('backfill', 'replay', 'system'))
         then now() end
   where s.user_integration_id = new.id;
  return null;
end
$$;
create trigger user_integration_status after update of sync_status on user_integration
  for each row when (old.sync_status is distinct from new.sync_status) execute function follow_sync_status();

-- What is done periodically, by one replica at a time.
create table duty (
  name text primary key,
  next_at timestamptz not null,
  -- Who works on it, and until when nobody else does; both null: nobody.
  locked_by uuid,
  locked_until timestamptz,
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_duration_ms bigint,
  -- Null: it succeeded.
  last_error text
);
comment on table duty is 'Housekeeping: what is done periodically, when it was done last, and how that went.';

-- Runs that ended, by integration and the five minutes in which they did.
create table sync_stats (
  integration_domain text not null,
  bucket timestamptz not null,
  runs bigint not null,
  succeeded bigint not null,
  tasks_completed bigint not null,
  tasks_failed bigint not null,
  outputs bigint not null,
  -- Of all runs together, from the first task to the end.
  run_seconds double precision not null,
  primary key (integration_domain, bucket)
);
comment on table sync_stats is 'Sums of finished runs by integration and five minutes.';
create index sync_run_finished on sync_run (finished_at) where finished_at is not null;

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on sync_schedule, duty, sync_stats to tributary_scheduler;
    grant select, update on sync_schedule to tributary_sink;
    grant select (schedule_zone, jitter_seconds, overlap, catch_up, pause_windows) on user_integration to tributary_sink;
  end if;
end
$$;
