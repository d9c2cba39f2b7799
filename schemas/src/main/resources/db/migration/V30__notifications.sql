-- Notifications: what is to be sent to somebody, and a delivery for each channel it goes through.

create table notification (
  id uuid primary key,
  user_id text not null,
  org_id text not null,
  -- Follows from the deliveries: see advance_notifications().
  status text not null default 'scheduled' check (status in
    ('scheduled', 'queued', 'cancelled', 'failed', 'uncertain', 'sent', 'delivered', 'bounced', 'opened')),
  -- Through all channels at once, or through the next one when one fails.
  routing text not null check (routing in ('all', 'fallback')),
  priority smallint not null check (priority between 0 and 9),
  recipient jsonb not null,
  content jsonb not null,
  run_at timestamptz not null,
  created_at timestamptz not null,
  -- Since when no delivery waits or is under way.
  ended_at timestamptz
);
comment on table notification is 'What is to be sent to a recipient through one channel or several.';
create index notification_of_user on notification (user_id, created_at desc, id desc);
create index notification_of_org on notification (org_id, created_at desc, id desc);
create index notification_newest on notification (created_at desc, id desc);
create index notification_waiting on notification (user_id, org_id) where ended_at is null;
create index notification_waiting_of_org on notification (org_id) where ended_at is null;
create index notification_ended on notification (ended_at) where ended_at is not null;

create table notification_delivery (
  id uuid primary key,
  notification_id uuid not null references notification (id) on delete cascade,
  -- Of its channel in the request, from 0.
  position smallint not null,
  -- Null: the inbox of the recipient, which is here; its domain is inbox.
  user_integration_id uuid,
  integration_domain text not null,
  priority smallint not null,
  status text not null default 'scheduled' check (status in
    ('scheduled', 'queued', 'skipped', 'cancelled', 'failed', 'uncertain', 'sent', 'delivered', 'bounced', 'opened')),
  -- When it is queued, while it is scheduled; null: once an earlier channel has failed.
  due_at timestamptz,
  run_id uuid,
  provider_id text,
  attempts integer not null default 0,
  error_code text,
  error_message text,
  unique (notification_id, position)
);
comment on table notification_delivery is
  'A notification on its way through one channel, an account with the action send.';
create index notification_delivery_due on notification_delivery (priority, due_at)
  where status = 'scheduled' and due_at is not null;
create index notification_delivery_of_run on notification_delivery (run_id) where run_id is not null;
create index notification_delivery_of_account on notification_delivery (user_integration_id)
  where user_integration_id is not null;

create table notification_run (
  run_id uuid primary key,
  -- Deliveries that ended: the step that settles them looks again when more tasks of the run have.
  settled integer not null default 0,
  -- When it looks at the earliest.
  look_at timestamptz not null
);
comment on table notification_run is 'Runs that send notifications and whose deliveries have not all ended.';
create index notification_run_next on notification_run (look_at);

-- How far a delivery has come. It only moves forward: a provider reports in any order, and a report may come twice.
create function notification_rank(status text) returns integer language sql immutable parallel safe as $$
  select array_position(
    array['scheduled', 'queued', 'skipped', 'cancelled', 'failed', 'uncertain', 'sent', 'delivered', 'bounced',
          'opened'],
    status)
$$;

-- Triggers rather than code: whoever changes a delivery, and also who erases it, cannot forget the next channel and the
-- status. The notifications are locked first, in the order of their ids, so of two that end deliveries of the same one,
-- the second sees what the first did.
create function advance_notifications(ids uuid[]) returns void language plpgsql security definer as $$
begin
  perform from notification where id = any (ids) order by id for no key update;
  delete from notification n
   where id = any (ids) and not exists (select from notification_delivery d where d.notification_id = n.id);
  -- Where one channel after the other is tried, the first one that waits is next once all before it have failed.
  update notification_delivery d set due_at = now()
    from notification n
   where n.id = any (ids) and n.routing = 'fallback' and d.notification_id = n.id
     and d.status = 'scheduled' and d.due_at is null
     and not exists (select from notification_delivery e
                      where e.notification_id = n.id and e.position < d.position
                        and e.status not in ('failed', 'bounced'));
  -- None is tried any more after one that has sent it, or may have.
  update notification_delivery d set status = 'skipped', due_at = null
    from notification n
   where n.id = any (ids) and n.routing = 'fallback' and d.notification_id = n.id
     and d.status = 'scheduled' and d.due_at is null
     and exists (select from notification_delivery e
                  where e.notification_id = n.id and e.position < d.position
                    and e.status in ('uncertain', 'sent', 'delivered', 'opened'));
  update notification n
     set status = case when found.status in ('scheduled', 'queued')
                            and notification_rank(n.status) > notification_rank(found.status)
                       then n.status else found.status end,
         ended_at = case when found.live then null else coalesce(n.ended_at, now()) end
    from (select notification_id, bool_or(status in ('scheduled', 'queued')) as live,
                 case when bool_or(status = 'opened') then 'opened'
                      when bool_or(status = 'delivered') then 'delivered'
                      when bool_or(status = 'sent') then 'sent'
                      when bool_and(status = 'scheduled') then 'scheduled'
                      when bool_or(status in ('scheduled', 'queued')) then 'queued'
                      when bool_or(status = 'bounced') then 'bounced'
                      when bool_or(status = 'uncertain') then 'uncertain'
                      when bool_or(status = 'failed') then 'failed'
                      else 'cancelled' end as status
            from notification_delivery where notification_id = any (ids) group by notification_id) found
   where n.id = found.notification_id;
end
$$;

create function note_changed_deliveries() returns trigger language plpgsql security definer as $$
declare
  ids uuid[] := array(select distinct notification_id from changed);
begin
  if ids <> '{}' then
    perform advance_notifications(ids);
  end if;
  return null;
end
$$;
create trigger notification_delivery_changed after update on notification_delivery referencing new table as changed
  for each statement execute function note_changed_deliveries();
create trigger notification_delivery_deleted after delete on notification_delivery referencing old table as changed
  for each statement execute function note_changed_deliveries();

do $$
declare
  name text;
begin
  foreach name in array array['advance_notifications(uuid[])', 'note_changed_deliveries()'] loop
    execute format('alter function %s set search_path = %I, pg_temp', name, current_schema());
  end loop;
  revoke execute on function advance_notifications(uuid[]), notification_rank(text) from public;
  if exists (select from pg_roles where rolname = 'tributary_scheduler')
     and exists (select from pg_roles where rolname = 'tributary_sink') then
    grant select, insert, update, delete on notification, notification_run to tributary_scheduler;
    grant select, insert, update on notification_delivery to tributary_scheduler;
    grant execute on function notification_rank(text) to tributary_scheduler;
    grant select, delete on notification_delivery to tributary_sink;
  end if;
end
$$;
