-- Organisations: the tenants. Each account belongs to one, by default to its user alone: then org_id is the user's id.
-- Columns are added empty, and rows are filled in small transactions, so nothing here locks a table for long but the
-- indexes. It is no transaction itself: each statement may be repeated after an interruption.

alter table user_integration add column if not exists org_id text;
alter table sync_run add column if not exists org_id text;
alter table one_off_task add column if not exists org_id text;
alter table event_outbox add column if not exists org_id text;
alter table webhook add column if not exists org_id text;
alter table replay add column if not exists org_id text;
-- Entries that are older than this column have null: only operators see them.
alter table audit_log add column if not exists org_id text;
alter table audit_log_archive add column if not exists org_id text;

comment on column user_integration.org_id is
  'The organisation that the account belongs to; the id of its user where there is none. Rows of the account follow it.';

-- Triggers rather than code: whatever service or release writes a row, it has its organisation.
create or replace function fill_org_of_user() returns trigger language plpgsql as $$
begin
  new.org_id := new.user_id;
  return new;
end
$$;

create or replace function fill_org_of_account() returns trigger language plpgsql security definer as $$
begin
  select i.org_id into new.org_id from user_integration i where i.id = new.user_integration_id;
  new.org_id := coalesce(new.org_id, new.user_id);
  return new;
end
$$;

create or replace trigger user_integration_org before insert on user_integration for each row
  when (new.org_id is null) execute function fill_org_of_user();
create or replace trigger webhook_org before insert on webhook for each row
  when (new.org_id is null) execute function fill_org_of_user();
create or replace trigger sync_run_org before insert on sync_run for each row
  when (new.org_id is null) execute function fill_org_of_account();
create or replace trigger one_off_task_org before insert on one_off_task for each row
  when (new.org_id is null) execute function fill_org_of_account();
create or replace trigger event_outbox_org before insert on event_outbox for each row
  when (new.org_id is null) execute function fill_org_of_account();

create or replace function fill_org_of_replay() returns trigger language plpgsql as $$
begin
  new.org_id := new.requested_by;
  return new;
end
$$;
create or replace trigger replay_org before insert on replay for each row
  when (new.org_id is null) execute function fill_org_of_replay();

-- An account that moves to another organisation takes its rows along.
create or replace function move_rows_to_org() returns trigger language plpgsql security definer as $$
begin
  update sync_run set org_id = new.org_id where user_integration_id = new.id;
  update one_off_task set org_id = new.org_id where user_integration_id = new.id;
  return null;
end
$$;
create or replace trigger user_integration_moved after update of org_id on user_integration for each row
  when (old.org_id is distinct from new.org_id and old.org_id is not null) execute function move_rows_to_org();

-- For operators, when a user who had accounts before joins an organisation.
create or replace function move_user_to_org(member text, org text) returns bigint language plpgsql as $$
declare
  moved bigint;
begin
  update webhook set org_id = org where user_id = member and org_id = member;
  update user_integration set org_id = org where user_id = member and org_id = member;
  get diagnostics moved = row_count;
  return moved;
end
$$;
comment on function move_user_to_org is
  'Moves a user''s accounts and webhooks that belong to no organisation to one; returns the number of accounts.';

do $$
declare
  name text;
begin
  -- They run with their owner's rights, so nobody else's tables may stand in for theirs.
  foreach name in array array['fill_org_of_account', 'move_rows_to_org'] loop
    execute format('alter function %I() set search_path = %I, pg_temp', name, current_schema());
  end loop;
end
$$;

-- Rows that are locked are left to the next pass: waiting for one while holding others could block a sink.
do $$
declare
  batch constant bigint := 5000;
  low bigint;
  high bigint;
begin
  while exists (select from user_integration where org_id is null) loop
    update user_integration set org_id = user_id
     where id in (select id from user_integration where org_id is null limit batch for no key update skip locked);
    commit;
  end loop;
  while exists (select from sync_run where org_id is null) loop
    select min(sequence), max(sequence) into low, high from sync_run;
    while low <= high loop
      update sync_run set org_id = user_id
       where id in (select id from sync_run
                     where sequence >= low and sequence < low + batch and org_id is null
                       for no key update skip locked);
      commit;
      low := low + batch;
    end loop;
  end loop;
end
$$;
update one_off_task set org_id = user_id where org_id is null;
update event_outbox set org_id = user_id where org_id is null and published_at is null;
update webhook set org_id = user_id where org_id is null;
update replay set org_id = requested_by where org_id is null;

-- A validated check spares the scan under an exclusive lock.
do $$
declare
  name text;
begin
  foreach name in array array['user_integration', 'sync_run', 'one_off_task', 'webhook', 'replay'] loop
    execute format('alter table %I drop constraint if exists has_org', name);
    execute format('alter table %I add constraint has_org check (org_id is not null) not valid', name);
    commit;
    execute format('alter table %I validate constraint has_org', name);
    commit;
    execute format('alter table %I alter column org_id set not null', name);
    execute format('alter table %I drop constraint has_org', name);
    commit;
  end loop;
end
$$;

-- Users of an organisation are found by their own indexes; these are of its administrators, and of its quotas. Flyway's
-- lock would block a concurrent build for ever. Who cannot stop writes for the time that an index takes adds the columns
-- and builds the indexes concurrently, by hand, before.
create index if not exists user_integration_of_org on user_integration (org_id, id);
create index if not exists sync_run_of_org on sync_run (org_id, sequence desc);
-- The predicate names its key, as V17 explains.
create index if not exists sync_run_live_of_org on sync_run (org_id, integration_domain)
  where finished_at is null and org_id is not null;
create index if not exists one_off_task_of_org on one_off_task (org_id, created_at desc, id desc);
create index if not exists webhook_of_org on webhook (org_id, id);
create index if not exists replay_of_org on replay (org_id, created_at desc, id);
create index if not exists audit_log_of_org on audit_log (org_id, id desc);

-- Schedule density is counted by the shortest time between two runs.
alter table sync_schedule add column if not exists cron_gap_seconds integer check (cron_gap_seconds > 0);
comment on column sync_schedule.cron_gap_seconds is
  'Shortest time between two times of schedule_cron, seconds; null: there is no cron expression, or it was not measured.';

create table if not exists org_quota (
  org_id text not null,
  -- accounts, liveRuns, liveBackfills, runsPerHour, webhooks or replays.
  quota text not null,
  per_user bigint check (per_user >= 0),
  per_org bigint check (per_org >= 0),
  primary key (org_id, quota)
);
comment on table org_quota is 'Quotas of an organisation that differ from tributary.quotas; null: the configured one.';

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on org_quota to tributary_scheduler;
    grant select (org_id) on user_integration to tributary_sink;
  end if;
end
$$;
