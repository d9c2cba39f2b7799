-- What happened to runs and user integrations, for their users and for other systems.

create table event_outbox (
  id uuid primary key default gen_random_uuid(),
  -- Order of publication; of one user integration also the order in which things happened.
  sequence bigint not null generated always as identity unique,
  type text not null,
  user_integration_id uuid not null,
  user_id text not null,
  integration_domain text not null,
  run_id uuid,
  code text,
  details jsonb not null default '{}',
  at timestamptz not null default clock_timestamp(),
  -- Null until it is on the topic and handed to the webhooks; kept for a week after that.
  published_at timestamptz
);
comment on table event_outbox is 'Events, written by triggers in the transactions that made them happen.';
create index event_outbox_waiting on event_outbox (sequence) where published_at is null;
create index event_outbox_published on event_outbox (published_at) where published_at is not null;

-- Triggers rather than code: whoever ends a run or changes a status, of whatever service, cannot forget the event.
create function note_run_event() returns trigger language plpgsql security definer as $$
begin
  insert into event_outbox (type, user_integration_id, user_id, integration_domain, run_id, code, details)
  values (
    case when new.status in ('succeeded', 'partial') then 'run.completed'
         when new.status = 'cancelled' then 'run.cancelled'
         else 'run.failed' end,
    new.user_integration_id, new.user_id, new.integration_domain, new.id, new.error_code,
    jsonb_build_object('status', new.status, 'trigger', new.trigger, 'syncType', new.sync_type,
                       'outputs', new.outputs, 'completed', new.completed, 'failed', new.failed));
  return null;
end
$$;

create trigger sync_run_ended after update on sync_run for each row
  when (old.finished_at is null and new.finished_at is not null and new.trigger <> 'system')
  execute function note_run_event();

create function note_status_event() returns trigger language plpgsql security definer as $$
begin
  insert into event_outbox (type, user_integration_id, user_id, integration_domain, code, details)
  values (
    case new.sync_status
      when 'active' then case when tg_op = 'UPDATE' and old.sync_status = 'paused'
                              then 'integration.resumed' else 'integration.connected' end
      when 'paused' then 'integration.paused'
      when 'expired' then 'integration.expired'
      else 'integration.failed' end,
    new.id, new.user_id, new.integration_domain,
    case when new.sync_status in ('expired', 'error') then new.error_code end,
    jsonb_build_object('name', new.name));
  return null;
end
$$;

create trigger user_integration_connected after insert on user_integration for each row
  when (new.sync_status = 'active') execute function note_status_event();
create trigger user_integration_status_changed after update of sync_status on user_integration for each row
  when (old.sync_status is distinct from new.sync_status) execute function note_status_event();

create table webhook (
  id uuid primary key default gen_random_uuid(),
  user_id text not null,
  url text not null,
  -- Null: all.
  event_types text[],
  -- The signing secret, sealed like credentials, bound to this id.
  secret bytea not null,
  created_at timestamptz not null default now()
);
comment on table webhook is 'Where a user wants events to be posted.';
create index webhook_of_user on webhook (user_id, id);

create table webhook_delivery (
  id bigint primary key generated always as identity,
  webhook_id uuid not null references webhook (id) on delete cascade,
  event_id uuid not null,
  event_type text not null,
  -- What is posted, the same bytes at each attempt.
  body text not null,
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- When it is tried next; while it is being tried, when another replica may take it over.
  next_attempt_at timestamptz,
  last_status integer,
  last_error text,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (webhook_id, event_id),
  check ((status = 'pending') = (next_attempt_at is not null))
);
comment on table webhook_delivery is 'The delivery log: an event on its way to a webhook; kept for 30 days.';
create index webhook_delivery_due on webhook_delivery (next_attempt_at) where status = 'pending';
create index webhook_delivery_newest on webhook_delivery (webhook_id, id desc);
create index webhook_delivery_ended on webhook_delivery (ended_at) where ended_at is not null;

do $$
begin
  -- They run with their owner's rights, so nobody else's tables may stand in for theirs.
  execute format('alter function note_run_event() set search_path = %I, pg_temp', current_schema());
  execute format('alter function note_status_event() set search_path = %I, pg_temp', current_schema());
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on event_outbox, webhook, webhook_delivery to tributary_scheduler;
  end if;
end
$$;
