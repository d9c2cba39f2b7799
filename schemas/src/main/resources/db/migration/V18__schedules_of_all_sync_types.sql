-- Each sync type of a user integration has its schedule and its state in sync_schedule, the default one too. Runs say
-- whether they take the live slot of their sync type. Runs are queued by the scheduler alone: who else wants one requests it.

-- Whether the run takes the one live slot of its sync type, and moves its state and schedule when it ends. Backfills,
-- replays and system runs do not.
alter table sync_run
  add column exclusive boolean not null
    generated always as (trigger not in ('backfill', 'replay', 'system')) stored;

-- The predicate names its key, as V17 explains.
drop index sync_run_one_live;
create unique index sync_run_one_live on sync_run (user_integration_id, sync_type)
  where finished_at is null and exclusive and user_integration_id is not null;
-- One system run of a kind at a time.
create unique index sync_run_one_system on sync_run (user_integration_id, sync_type)
  where finished_at is null and trigger = 'system' and user_integration_id is not null;

alter table sync_schedule add column is_default boolean not null default false;

-- The default sync type has the name that the last run of it had.
insert into sync_schedule (user_integration_id, integration_domain, sync_type, is_default, interval_seconds, schedule_cron,
                           schedule_zone, jitter_seconds, overlap, catch_up, pause_windows, sync_state, last_sync_at,
                           next_sync_at)
select i.id, i.integration_domain, coalesce(last_run.sync_type, 'default'), true, i.poll_interval_minutes * 60,
       i.schedule_cron, i.schedule_zone, i.jitter_seconds, i.overlap, i.catch_up, i.pause_windows, i.sync_state,
       i.last_sync_at, case when i.sync_status = 'active' then i.next_sync_at end
  from user_integration i
  left join lateral (
    select r.sync_type from sync_run r
     where r.user_integration_id = i.id and r.exclusive and not r.own_schedule
       and not exists (select from sync_schedule s where s.user_integration_id = i.id and s.sync_type = r.sync_type)
     order by r.sequence desc limit 1) last_run on true;

create unique index sync_schedule_default on sync_schedule (user_integration_id) where is_default;
create index sync_schedule_last_success on sync_schedule (integration_domain, last_sync_at) where is_default;
comment on table sync_schedule is 'Schedule and state of each sync type of a user integration.';
comment on column sync_schedule.is_default is
  'Whether it is the default sync type, which user_integration has copies of; its sync_type follows the manifest.';

alter table sync_run drop column own_schedule;

-- The contract's columns of user_integration are copies, kept by triggers. None of them is in an index, and pages have
-- room: so a copy stays on its page, and no index hears of it.
drop index user_integration_due;
drop index user_integration_last_success;
alter table user_integration
  drop column schedule_zone,
  drop column jitter_seconds,
  drop column overlap,
  drop column catch_up,
  drop column pause_windows;
alter table user_integration set (fillfactor = 50);
comment on column user_integration.poll_interval_minutes is
  'Copy of the default sync type''s interval in sync_schedule; what is written here gets there.';
comment on column user_integration.schedule_cron is
  'Copy of the default sync type''s cron expression in sync_schedule; what is written here gets there.';
comment on column user_integration.sync_state is
  'Copy of the default sync type''s state in sync_schedule; what is written here gets there.';
comment on column user_integration.last_sync_at is
  'Copy of the default sync type''s last time in sync_schedule; what is written here gets there.';
comment on column user_integration.next_sync_at is
  'Copy of the default sync type''s next time in sync_schedule; what is written here gets there.';

-- Triggers rather than code: whoever connects an account, of whatever service or tool, cannot forget its schedule. The
-- scheduler names the sync type as the manifest does.
create function create_default_schedule() returns trigger language plpgsql security definer as $$
begin
  insert into sync_schedule (user_integration_id, integration_domain, sync_type, is_default, interval_seconds,
                             schedule_cron, sync_state, last_sync_at, next_sync_at)
  select id, integration_domain, 'default', true, poll_interval_minutes * 60, schedule_cron, sync_state, last_sync_at,
         next_sync_at
    from created;
  return null;
end
$$;
create trigger user_integration_created after insert on user_integration referencing new table as created
  for each statement execute function create_default_schedule();

-- Copies the rows of default sync types: once for each statement, since schedulers and sinks write many at a time.
create function copy_default_schedules() returns trigger language plpgsql security definer as $$
begin
  update user_integration i
     -- what did not change is not stored again
     set sync_state = case when i.sync_state is distinct from s.sync_state then s.sync_state else i.sync_state end,
         last_sync_at = s.last_sync_at,
         next_sync_at = s.next_sync_at,
         poll_interval_minutes = (s.interval_seconds + 59) / 60,
         schedule_cron = s.schedule_cron,
         updated_at = case when i.last_sync_at is distinct from s.last_sync_at then now() else i.updated_at end
    from written s
   where s.is_default and i.id = s.user_integration_id
     and (i.next_sync_at, i.last_sync_at, i.poll_interval_minutes, i.schedule_cron, i.sync_state) is distinct from
         (s.next_sync_at, s.last_sync_at, (s.interval_seconds + 59) / 60, s.schedule_cron, s.sync_state);
  return null;
end
$$;
create trigger sync_schedule_written after update on sync_schedule referencing new table as written
  for each statement execute function copy_default_schedules();

-- The other way round: what somebody writes to a copy by hand. What the trigger above writes is there already.
create function write_default_schedule() returns trigger language plpgsql security definer as $$
begin
  update sync_schedule s
     set sync_state = new.sync_state,
         last_sync_at = new.last_sync_at,
         next_sync_at = new.next_sync_at,
         interval_seconds = case when new.poll_interval_minutes is distinct from old.poll_interval_minutes
                                 then new.poll_interval_minutes * 60 else s.interval_seconds end,
         schedule_cron = new.schedule_cron
   where s.user_integration_id = new.id and s.is_default;
  return null;
end
$$;
create trigger user_integration_written
  after update of sync_state, last_sync_at, next_sync_at, poll_interval_minutes, schedule_cron on user_integration
  for each row when (pg_trigger_depth() = 0
    and (old.last_sync_at, old.next_sync_at, old.poll_interval_minutes, old.schedule_cron, old.sync_state)
        is distinct from (new.last_sync_at, new.next_sync_at, new.poll_interval_minutes, new.schedule_cron, new.sync_state))
  execute function write_default_schedule();

-- Whoever stops or resumes a user integration stops or resumes all that is scheduled for it. What is under way gets its
-- next time when it ends. The time of whoever resumes it counts, where they note it.
create or replace function follow_sync_status() returns trigger language plpgsql security definer as $$
begin
  update sync_schedule s
     set next_sync_at = case when new.sync_status = 'active' and not exists (
           select from sync_run r
            where r.user_integration_id = s.user_integration_id and r.sync_type = s.sync_type
              and r.finished_at is null and r.exclusive)
         then case when new.updated_at > old.updated_at then new.updated_at else now() end end
   where s.user_integration_id = new.id;
  return null;
end
$$;

update user_integration set next_sync_at = null where sync_status <> 'active' and next_sync_at is not null;

-- Runs that a service other than the scheduler wants: the scheduler makes runs of trigger 'replay' of them, which go beside
-- the live ones. A row is one task to run again. Those of one user integration, sync type and options share a run.
create table requested_run (
  id bigint primary key generated always as identity,
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  sync_type text not null,
  -- As the run that the task was of had them.
  options jsonb not null default '{}',
  task_type text not null,
  payload jsonb not null,
  requested_at timestamptz not null default now()
);
comment on table requested_run is 'Tasks to run again, until the scheduler has queued runs for them.';
create index requested_run_of_user_integration on requested_run (user_integration_id);

do $$
declare
  name text;
begin
  foreach name in array array['create_default_schedule', 'copy_default_schedules', 'write_default_schedule',
                              'follow_sync_status'] loop
    -- They run with their owner's rights, so nobody else's tables may stand in for theirs. They find rows by their keys: a
    -- plan is kept, and one that was made while the tables were small would read all of them.
    execute format('alter function %I() set search_path = %I, pg_temp', name, current_schema());
    execute format('alter function %I() set enable_seqscan = off', name);
    execute format('alter function %I() set enable_hashjoin = off', name);
    execute format('alter function %I() set enable_mergejoin = off', name);
  end loop;
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on requested_run to tributary_scheduler;
    grant insert (user_integration_id, sync_type, options, task_type, payload) on requested_run to tributary_sink;
  end if;
end
$$;
