-- What the API needs beside the tables it shows: pauses, commands on their way to workers, one-off tasks, answers kept
-- for their idempotency keys, and the audit log.

-- From RunProgress: tasks that execute right now.
alter table sync_run add column executing integer not null default 0;
-- Someone asked to end the run. The worker is told until the run is over.
alter table sync_run
  add column cancel_asked_at timestamptz,
  add column cancel_sent_at timestamptz;
create index sync_run_cancel on sync_run (cancel_sent_at nulls first)
  where cancel_asked_at is not null and finished_at is null;
-- Live runs by owner: what is under way is counted without reading what is over.
create index sync_run_live_of_user on sync_run (user_id, integration_domain) where finished_at is null;
create index user_integration_last_success on user_integration (integration_domain, last_sync_at);

-- What is not to run. Desired state: the cycle reads it, workers read those of kind platform and everything, and of a
-- user integration they are told on the topic control.
create table sync_pause (
  -- all, a domain, or the id of a user integration.
  name text primary key,
  kind text not null check (kind in ('everything', 'platform', 'user_integration')),
  user_integration_id uuid references user_integration (id) on delete cascade,
  asked_by text not null,
  -- Only operators end it.
  by_operator boolean not null,
  created_at timestamptz not null,
  check ((kind = 'user_integration') = (user_integration_id is not null)),
  check ((kind = 'everything') = (name = 'all'))
);
comment on table sync_pause is 'What is not to run: everything, a platform, or a user integration.';
create index sync_pause_of_user_integration on sync_pause (user_integration_id);

create view worker_pause as select name from sync_pause where kind <> 'user_integration';
comment on view worker_pause is 'What no worker starts tasks of: domains, or all.';

-- Commands that are not on the topic control yet, in their order; one is gone once the broker has it.
create table worker_command (
  id bigint primary key generated always as identity,
  user_integration_id uuid not null,
  command text not null check (command in ('pause', 'resume', 'cancel_run', 'purge', 'credentials_changed')),
  run_id uuid,
  created_at timestamptz not null
);
comment on table worker_command is 'Commands to workers that are on their way to the topic.';

-- One task that someone asked for, at once or at a time; it becomes a run of its own.
create table one_off_task (
  id uuid primary key default gen_random_uuid(),
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  user_id text not null,
  integration_domain text not null,
  task_type text not null,
  payload jsonb not null,
  run_at timestamptz not null,
  created_at timestamptz not null,
  cancelled_at timestamptz,
  -- The run that executes it; null: it waits, or was cancelled.
  run_id uuid
);
comment on table one_off_task is 'One task that someone asked for, at once or at a time.';
create index one_off_task_waiting on one_off_task (run_at) where run_id is null and cancelled_at is null;
create index one_off_task_of_user on one_off_task (user_id, created_at desc, id desc);
create index one_off_task_newest on one_off_task (created_at desc, id desc);
create index one_off_task_of_user_integration on one_off_task (user_integration_id);

-- The answer to a request with an Idempotency-Key, for the next request with the same one.
create table idempotency_key (
  user_id text not null,
  key text not null,
  -- Sealed digest of method, path and body, which may hold credentials.
  request bytea not null,
  -- Null: the first request is under way, or its process died.
  status integer,
  location text,
  content_type text,
  body bytea,
  created_at timestamptz not null,
  primary key (user_id, key)
);
comment on table idempotency_key is 'Answers kept for 24 hours, for requests that come again.';
create index idempotency_key_age on idempotency_key (created_at);

create table audit_log (
  id bigint primary key generated always as identity,
  at timestamptz not null,
  user_id text not null,
  operator boolean not null,
  -- The operation of the API, as its description names it.
  action text not null,
  -- The resource: the path, or what was created.
  target text not null,
  -- The answer's HTTP status; null: it was not given.
  status integer,
  remote_address text not null
);
comment on table audit_log is 'Who changed what, when, from where, by the API.';
create index audit_log_of_user on audit_log (user_id, id desc);

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_scheduler')
     and exists (select from pg_roles where rolname = 'tributary_worker') then
    grant select, insert, update, delete on sync_pause, worker_command, one_off_task, idempotency_key, audit_log
      to tributary_scheduler;
    grant select on worker_pause to tributary_worker;
  end if;
end
$$;
