-- The tables of the contract. Times are UTC; JSON is jsonb; a status is text with a check, so that tools read it as it is.

create table user_integration (
  id uuid primary key default gen_random_uuid(),
  user_id text not null,
  integration_domain text not null,
  name text not null,
  config jsonb not null default '{}',
  -- Tink AEAD ciphertext of a JSON object; the associated data is the id as text, so that a row's secret opens in that row only.
  credentials bytea,
  sync_state jsonb not null default '{}',
  sync_status text not null default 'active' check (sync_status in ('active', 'paused', 'error', 'expired')),
  poll_interval_minutes integer not null default 15 check (poll_interval_minutes between 1 and 525600),
  schedule_cron text,
  last_sync_at timestamptz,
  -- When the next run is due; null while a scheduled run is under way, and when polling has stopped.
  next_sync_at timestamptz,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version bigint not null default 0
);
comment on table user_integration is 'One user''s connected account: owns credentials, config, schedule and sync state.';

-- The cycle reads this index from its left end: its cost depends on what is due, not on what exists.
create index user_integration_due on user_integration (next_sync_at)
  where sync_status = 'active' and next_sync_at is not null;
create index user_integration_of_user on user_integration (user_id, id);

create table sync_run (
  id uuid primary key default gen_random_uuid(),
  -- Order of runs: content of a lower sequence never overwrites that of a higher one.
  sequence bigint not null generated always as identity unique,
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  user_id text not null,
  integration_domain text not null,
  sync_type text not null default 'default',
  trigger text not null check (trigger in ('schedule', 'manual', 'backfill', 'replay', 'webhook', 'system')),
  status text not null default 'queued'
    check (status in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled', 'timed_out')),
  options jsonb not null default '{}',
  -- From RunProgress: absolute and only growing.
  spawned bigint not null default 0,
  completed bigint not null default 0,
  failed bigint not null default 0,
  outputs bigint not null default 0,
  -- Counted by the sink as it applies outputs. sink_offset is the last offset of the output topic that was applied to
  -- this run: a run lives on one partition, so what is at or below it was counted before.
  outputs_saved bigint not null default 0,
  rows_inserted bigint not null default 0,
  rows_updated bigint not null default 0,
  rows_unchanged bigint not null default 0,
  sink_offset bigint not null default -1,
  throttled_until timestamptz,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  -- The row is its own outbox: null until the initial task is on the topic.
  dispatched_at timestamptz,
  started_at timestamptz,
  progress_at timestamptz,
  finished_at timestamptz,
  check ((finished_at is not null) = (status not in ('queued', 'running')))
);
comment on table sync_run is 'One execution for a user integration.';

create unique index sync_run_one_live on sync_run (user_integration_id, sync_type)
  where finished_at is null and trigger <> 'backfill';
create index sync_run_outbox on sync_run (created_at) where dispatched_at is null and finished_at is null;
create index sync_run_of_user_integration on sync_run (user_integration_id, sequence desc);
create index sync_run_of_user on sync_run (user_id, sequence desc);

create table user_integration_content (
  id bigint primary key generated always as identity,
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  integration_domain text not null,
  external_id text not null,
  external_timestamp timestamptz,
  kind text not null default 'content',
  name text not null default '',
  content text,
  content_ref text,
  content_metadata jsonb not null default '{}',
  -- Of kind, name, content, reference, metadata and timestamp: an unchanged item is not rewritten.
  content_hash bytea not null,
  run_id uuid not null,
  run_sequence bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (user_integration_id, external_id)
);
comment on table user_integration_content is 'What was synced: one row per user integration and external id.';

create index user_integration_content_newest on user_integration_content (user_integration_id, id);

create table dead_letter (
  id uuid primary key default gen_random_uuid(),
  -- Where the record stands on the dead-letters topic: a record read twice is stored once.
  kafka_partition integer not null,
  kafka_offset bigint not null,
  run_id uuid,
  task_id uuid,
  user_integration_id uuid,
  user_id text,
  integration_domain text,
  task_type text,
  error_code text not null,
  error_message text not null,
  error_stack text,
  -- Of code, integration, task type and the message without its numbers and ids: the same cause has the same one.
  fingerprint text not null,
  attempts integer not null,
  http_status integer,
  -- The task or the output as JSON.
  record jsonb not null,
  created_at timestamptz not null,
  redriven_at timestamptz,
  unique (kafka_partition, kafka_offset)
);
comment on table dead_letter is 'Tasks and outputs set aside after their attempts; they can be driven again.';
create index dead_letter_of_user_integration on dead_letter (user_integration_id, created_at desc);
create index dead_letter_fingerprint on dead_letter (fingerprint, created_at desc);

create table task_failure (
  id bigint primary key generated always as identity,
  run_id uuid not null references sync_run (id) on delete cascade,
  task_id uuid not null,
  user_integration_id uuid not null,
  task_type text not null,
  attempts integer not null,
  error_code text not null,
  error_message text not null,
  http_status integer,
  failed_at timestamptz not null,
  unique (run_id, task_id)
);
comment on table task_failure is 'The run log: which tasks of a run failed, and why.';
