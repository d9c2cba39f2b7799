-- Health of accounts, flags of the watchdog, and the back-off of schedules whose runs fail.

alter table sync_schedule
  -- Runs in a row that failed or timed out; a run that brought something sets it to 0.
  add column failures integer not null default 0,
  -- When sync_state last became another value, or when it was first stored.
  add column state_changed_at timestamptz not null default now();

create function note_state_change() returns trigger language plpgsql as $$
begin
  new.state_changed_at = now();
  return new;
end
$$;
create trigger sync_schedule_state_changed before update of sync_state on sync_schedule
  for each row when (old.sync_state is distinct from new.sync_state) execute function note_state_change();

alter table user_integration
  -- unknown: never checked with these credentials. unreachable: the provider did not answer, or refused for now.
  add column health_status text not null default 'unknown'
    check (health_status in ('unknown', 'healthy', 'unreachable', 'expired', 'misconfigured')),
  add column health_checked_at timestamptz,
  add column health_code text,
  add column health_message text,
  -- When the next check is due. Accounts begin at random times, so that their checks are spread.
  add column health_due_at timestamptz default now() + interval '20 minutes' + random() * interval '220 minutes';
comment on column user_integration.health_status is 'Result of the last check by identify, or of a sync since then.';
create index if not exists user_integration_health on user_integration (health_due_at)
  where sync_status = 'active' and health_due_at is not null;

-- Why the tasks of a live run wait, as its worker reported it; null: tasks execute, or nothing is known.
alter table sync_run
  add column waits_for text,
  add column waits_until timestamptz;

-- What is wrong with an account now, although no run says so. A row is there as long as the condition holds.
create table account_flag (
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  -- Empty: the account as a whole.
  sync_type text not null default '',
  code text not null,
  message text not null,
  run_id uuid,
  since timestamptz not null default now(),
  primary key (user_integration_id, sync_type, code)
);
comment on table account_flag is 'Conditions that the watchdog found: a row for each account, sync type and code.';
create index account_flag_code on account_flag (code, since);

-- A trigger rather than code, as for the other events.
create function note_flag_event() returns trigger language plpgsql security definer as $$
declare
  flag account_flag;
begin
  flag = case when tg_op = 'DELETE' then old else new end;
  insert into event_outbox (type, user_integration_id, user_id, integration_domain, run_id, code, details)
  select case when tg_op = 'DELETE' then 'integration.flagCleared' else 'integration.flagged' end,
         i.id, i.user_id, i.integration_domain, flag.run_id, flag.code,
         jsonb_build_object('name', i.name, 'syncType', flag.sync_type, 'message', flag.message)
    from user_integration i where i.id = flag.user_integration_id; -- none: the account was deleted
  return null;
end
$$;
create trigger account_flag_changed after insert or delete on account_flag
  for each row execute function note_flag_event();

do $$
begin
  execute format('alter function note_flag_event() set search_path = %I, pg_temp', current_schema());
  if exists (select from pg_roles where rolname = 'tributary_scheduler')
     and exists (select from pg_roles where rolname = 'tributary_sink') then
    grant select, insert, update, delete on account_flag to tributary_scheduler;
    grant select (health_status, health_checked_at, health_code, health_message, identify_due_at),
          update (health_status, health_checked_at, health_code, health_message) on user_integration to tributary_sink;
  end if;
end
$$;

-- Schedules that are never due: those with a live run, and those that the watchdog looks for.
create index if not exists sync_schedule_not_due on sync_schedule (user_integration_id) where next_sync_at is null;
