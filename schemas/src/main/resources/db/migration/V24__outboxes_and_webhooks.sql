-- Dispatch without locks while Kafka answers, pauses that cost each run one look, and webhooks that are shared fairly. Small
-- tables only; V24.1 builds indexes of large ones.

-- A scheduler that publishes a run claims its row first. After a crash, another one claims it when the time is over.
alter table run_outbox
  add column claimed_until timestamptz,
  -- Name of the pause that holds the run back; null: none is known. No scheduler looks at the row until that pause ends.
  add column held_by text;
comment on column run_outbox.claimed_until is 'Until when a scheduler publishes the run; null: nobody does.';
create index run_outbox_waiting on run_outbox (sequence) where held_by is null;
create index run_outbox_held on run_outbox (held_by, sequence) where held_by is not null;

create table ended_pause (
  name text primary key
);
comment on table ended_pause is 'Pauses that ended and may still hold runs back: the schedulers release these in batches.';

-- A trigger rather than code: whoever ends a pause, also by deleting its account, cannot forget the runs that it holds.
create function note_ended_pauses() returns trigger language plpgsql security definer as $$
begin
  insert into ended_pause select name from gone order by name on conflict do nothing;
  return null;
end
$$;
create trigger pauses_ended after delete on sync_pause referencing old table as gone
  for each statement execute function note_ended_pauses();

-- The state of a receiver: failures in a row, and what follows from them.
alter table webhook
  add column failures integer not null default 0,
  add column failing_since timestamptz,
  -- After several failures in a row, no delivery is tried before this time.
  add column retry_at timestamptz,
  add column disabled_at timestamptz,
  add column disabled_reason text;
comment on column webhook.disabled_at is 'Since when no event is posted any more, since the receiver failed for days; null: it is enabled.';

-- A receiver that was given up is an event of its user. It has no user integration: the webhook's id takes its place.
create function note_webhook_event() returns trigger language plpgsql security definer as $$
begin
  insert into event_outbox (type, user_integration_id, user_id, org_id, integration_domain, code, details)
  values ('webhook.disabled', new.id, new.user_id, new.org_id, 'webhook', 'webhooks.disabled',
          jsonb_build_object('webhookId', new.id, 'reason', new.disabled_reason, 'failingSince', new.failing_since));
  return null;
end
$$;
create trigger webhook_disabled after update of disabled_at on webhook for each row
  when (old.disabled_at is null and new.disabled_at is not null)
  execute function note_webhook_event();

do $$
begin
  execute format('alter function note_ended_pauses() set search_path = %I, pg_temp', current_schema());
  execute format('alter function note_webhook_event() set search_path = %I, pg_temp', current_schema());
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on ended_pause to tributary_scheduler;
  end if;
end
$$;
