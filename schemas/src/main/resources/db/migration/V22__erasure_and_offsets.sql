-- Erasing deleted accounts in steps, sync types of content, incarnations of topics, and turns of replays.

-- A deleted account leaves this row behind, which nothing but the erasure reads, and the rows of the tables below, which
-- the sinks delete in steps. Everything else of the account leaves with it.
create table erasure (
  user_integration_id uuid primary key,
  created_at timestamptz not null,
  deleted_at timestamptz not null default now(),
  -- When the next step is due; null: all steps are done.
  next_at timestamptz default now(),
  -- The table that is being emptied, counted from 0, and the key of its last deleted row.
  stage integer not null default 0,
  after_key bigint not null default 0,
  -- When no row or object was left for the first time.
  erased_at timestamptz,
  -- When no event and no delivery was left.
  events_erased_at timestamptz
);
comment on table erasure is 'Deleted accounts: their rows and objects are deleted in steps. Kept for 91 days.';
create index erasure_next on erasure (next_at) where next_at is not null;

-- The rows of these tables can be many, so they no longer leave by a cascade in one transaction. Whoever writes them holds
-- a lock of the account's row, which its deletion waits for.
do $$
declare
  reference record;
begin
  for reference in
    select conrelid::regclass as table_name, conname as name from pg_constraint
     where contype = 'f' and confrelid = 'user_integration'::regclass
       and conrelid in (select oid from pg_class
                         where relname in ('user_integration_content', 'sync_run', 'pending_deletion', 'one_off_task',
                                           'requested_run'))
  loop
    execute format('alter table %s drop constraint %I', reference.table_name, reference.name);
  end loop;
end
$$;

-- Triggers rather than code: whoever deletes an account cannot forget its erasure. Live runs are few, and leave at once: so
-- nothing counts, dispatches or watches them any more.
create function begin_erasure() returns trigger language plpgsql security definer as $$
begin
  insert into erasure (user_integration_id, created_at) values (old.id, old.created_at) on conflict do nothing;
  delete from sync_run where user_integration_id = old.id and finished_at is null;
  delete from one_off_task where user_integration_id = old.id and run_id is null and cancelled_at is null;
  update sink_maintenance set due_at = now() where name = 'erasure' and due_at > now();
  return null;
end
$$;
create trigger user_integration_deleted after delete on user_integration
  for each row execute function begin_erasure();

-- The sync type whose complete listings decide whether the item is still at the provider. Null: as the row's run has it,
-- which an earlier version wrote; a maintenance job fills these rows.
do $$
declare
  content regclass;
begin
  for content in -- the live table, and those that replays have rebuilt
    select c.oid from pg_class c
     where c.relname = 'user_integration_content' and c.relkind = 'r'
       and (c.oid = 'user_integration_content'::regclass
            or exists (select from replay p where p.target_schema = c.relnamespace::regnamespace::text))
  loop
    execute format('alter table %s add column sync_type text', content);
  end loop;
end
$$;
comment on column user_integration_content.sync_type is 'Sync type of the run that wrote the item last.';

-- A complete listing that equals the last one is not compared with the content again, if no run has written since.
alter table sync_schedule
  add column listed_digest text,
  add column listed_at timestamptz;
comment on column sync_schedule.listed_digest is
  'Digest of the last complete listing that was compared with the content; null: none, or content came otherwise since.';

-- Content older than this was purged on request: a replay does not bring it back.
alter table user_integration add column purged_before timestamptz;

-- What the retention of content looked at: an account without new or expired content costs a look into two indexes.
create table content_retention (
  user_integration_id uuid primary key references user_integration (id) on delete cascade,
  -- As of the last look.
  days integer not null,
  -- When its oldest content expires, a week ahead at most.
  due_at timestamptz not null,
  -- Rows with a higher id are new.
  checked_id bigint not null
);
comment on table content_retention is 'When the content of accounts with a retention is due.';

-- The positions of the sinks count on where a topic was created again or lost records: a position is the offset plus the
-- base. So offsets that are used a second time are new positions.
create table topic_position (
  topic text not null,
  kafka_partition integer not null,
  topic_id text not null,
  base bigint not null default 0 check (base >= 0),
  -- A position at or below the last applied one, and when its record was sent.
  reached bigint not null default -1,
  reached_at timestamptz,
  -- Records sent earlier are of the time before offsets went back, and the last position of that time; null: they never
  -- did.
  before timestamptz,
  before_reached bigint not null default -1,
  since timestamptz not null default now(),
  primary key (topic, kafka_partition)
);
comment on table topic_position is 'How offsets of a partition become positions, and how far they were applied.';

-- Partition counts that a topic had: a key has its records in one partition of each.
create table topic_partitions (
  topic text not null,
  partitions integer not null,
  since timestamptz not null default now(),
  primary key (topic, partitions)
);
comment on table topic_partitions is 'Partition counts that a topic had since the sinks first saw it.';

alter table replay
  add column by_operator boolean not null default false,
  -- When a sink last began to work on it: replays take turns.
  add column turn_at timestamptz,
  -- Failures of the sink in a row.
  add column failures integer not null default 0;
create index replay_finished on replay (finished_at) where finished_at is not null;

alter table sink_maintenance
  -- Why the last step failed; null: it did not.
  add column last_error text;
insert into sink_maintenance (name) values ('erasure'), ('erasure-events'), ('sync-types')
  on conflict do nothing;

do $$
begin
  execute format('alter function begin_erasure() set search_path = %I, pg_temp', current_schema());
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select on erasure to tributary_scheduler;
    grant select, update, delete on erasure to tributary_sink;
    grant delete on sync_run to tributary_sink;
    grant select, delete on one_off_task, requested_run, event_outbox, webhook_delivery to tributary_sink;
    grant select on webhook to tributary_sink;
    grant select, insert, update, delete on topic_position, topic_partitions, content_retention to tributary_sink;
    grant select (purged_before, created_at), update (purged_before) on user_integration to tributary_sink;
  end if;
end
$$;
