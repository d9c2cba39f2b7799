-- Reading topics again, and driving again what was set aside.

create table replay (
  id uuid primary key default gen_random_uuid(),
  -- outputs: write the outputs of the topic to user_integration_content again; tasks: run tasks of the topic again.
  kind text not null check (kind in ('outputs', 'tasks')),
  requested_by text not null,
  -- What is replayed; null: all. Not a reference: the account of a replay outlives what it was about.
  user_integration_id uuid,
  -- Of tasks only; null: the initial tasks, whose follow-ups come by themselves.
  task_type text,
  -- Where to begin: a time of the records, an offset of each partition, or, with neither, the start of the topic.
  from_time timestamptz,
  from_offset bigint check (from_offset >= 0),
  status text not null default 'queued'
    check (status in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- Outputs or tasks that matched; each is also counted in one of the numbers below it.
  matched bigint not null default 0,
  rows_inserted bigint not null default 0,
  rows_updated bigint not null default 0,
  rows_unchanged bigint not null default 0,
  tasks_queued bigint not null default 0,
  -- Of runs or user integrations that are gone, refused by Postgres, or tasks seen before.
  skipped bigint not null default 0,
  -- Who works on it, and until when nobody else does unless that is renewed.
  lease_owner uuid,
  lease_until timestamptz,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  check (from_time is null or from_offset is null),
  check ((finished_at is not null) = (status not in ('queued', 'running')))
);
comment on table replay is 'Reading a topic again from a point: outputs to rebuild content, tasks to run again.';
create index replay_unfinished on replay (created_at) where finished_at is null;
create index replay_newest on replay (created_at desc, id);

-- How far a replay is: next_offset moves in the transaction that writes what was read before it, so that whoever goes on
-- repeats nothing and skips nothing. The end is that of the topic when the replay was begun: what comes later is new.
create table replay_position (
  replay_id uuid not null references replay (id) on delete cascade,
  kafka_partition integer not null,
  first_offset bigint not null,
  next_offset bigint not null,
  end_offset bigint not null,
  primary key (replay_id, kafka_partition)
);

-- What a run begins with, where it is not the initial task of its sync type.
alter table sync_run
  add column initial_task_type text,
  add column initial_payload jsonb;

-- A replay's run goes beside the live one, as a backfill does: it leaves cursor and schedule alone.
drop index sync_run_one_live;
create unique index sync_run_one_live on sync_run (user_integration_id, sync_type)
  where finished_at is null and trigger not in ('backfill', 'replay');

-- redriven_at is when a letter was applied again: a task by a run of its own, an output by the sink, which finds it by
-- redrive_asked_at and answers in redrive_error when it is refused again.
alter table dead_letter
  add column redrive_asked_at timestamptz,
  add column redriven_by_run uuid,
  add column redrive_error text;
create index dead_letter_asked on dead_letter (redrive_asked_at)
  where redrive_asked_at is not null and redriven_at is null;
create index dead_letter_newest on dead_letter (created_at desc, id);

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on replay, replay_position to tributary_scheduler;
    grant select, update on replay to tributary_sink;
    grant select, insert, update, delete on replay_position to tributary_sink;
    grant insert (user_integration_id, user_id, integration_domain, sync_type, trigger, options, initial_task_type,
                  initial_payload) on sync_run to tributary_sink;
  end if;
end
$$;
