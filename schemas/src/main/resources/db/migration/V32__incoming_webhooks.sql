-- Webhooks of providers: the endpoints that accept them, those that were seen, and the runs that they start.

create table webhook_endpoint (
  -- The last part of its address.
  id uuid primary key,
  -- Null: it belongs to the provider app of the deployment, and each webhook names its account.
  user_integration_id uuid unique references user_integration (id) on delete cascade,
  integration_domain text not null,
  -- Sealed, and bound to the id.
  secret bytea not null,
  created_at timestamptz not null
);
comment on table webhook_endpoint is 'Addresses at which the edge accepts webhooks, with their sealed secrets.';
create index webhook_endpoint_secret_key on webhook_endpoint (substring(secret from 1 for 5), id)
  where secret is not null;

create table webhook_endpoint_change (
  endpoint_id uuid primary key,
  sequence bigint generated always as identity
);
comment on table webhook_endpoint_change is 'Endpoints that changed, or were deleted, since they were published last.';
create index webhook_endpoint_change_next on webhook_endpoint_change (sequence);

-- A trigger publishes every change, also the deletion of an endpoint with its account.
create function note_webhook_endpoint() returns trigger language plpgsql security definer as $$
declare
  id uuid := case when tg_op = 'DELETE' then old.id else new.id end;
begin
  insert into webhook_endpoint_change (endpoint_id) values (id)
  on conflict (endpoint_id) do update set sequence = default;
  return null;
end
$$;
create trigger webhook_endpoint_changed after insert or update or delete on webhook_endpoint
  for each row execute function note_webhook_endpoint();

-- Of a webhook, only the first 128 bits of a SHA-256 are kept: of its dedup value, or of its body.
create table webhook_receipt (
  endpoint_id uuid not null,
  key uuid not null,
  received_at timestamptz not null,
  primary key (endpoint_id, key)
);
comment on table webhook_receipt is 'Webhooks that were seen: a repetition starts no run. Kept for some days.';
create index webhook_receipt_received on webhook_receipt (received_at);

create table webhook_trigger (
  id bigint primary key generated always as identity,
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  integration_domain text not null,
  sync_type text not null,
  -- Null: a run of the sync type; all webhooks that wait for it share this row.
  task_type text,
  -- JSON object as text.
  payload text,
  received_at timestamptz not null
);
comment on table webhook_trigger is 'Runs that webhooks start, once their account has no live run of the sync type.';
create unique index webhook_trigger_sync on webhook_trigger (user_integration_id, sync_type) where task_type is null;
create index webhook_trigger_of_account on webhook_trigger (user_integration_id);
create index webhook_trigger_received on webhook_trigger (received_at);

do $$
begin
  execute format('alter function note_webhook_endpoint() set search_path = %I, pg_temp', current_schema());
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, delete on webhook_endpoint to tributary_scheduler;
    grant update (secret) on webhook_endpoint to tributary_scheduler;
    grant select, delete on webhook_endpoint_change to tributary_scheduler;
    grant select, insert, delete, update on webhook_receipt to tributary_scheduler;
    grant select, insert, delete, update on webhook_trigger to tributary_scheduler;
  end if;
end
$$;
