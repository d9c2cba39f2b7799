-- Deletions of what a complete listing did not show, and outputs that were set aside.

alter table sync_run
  -- Rows marked as deleted since the run's listings did not name them.
  add column rows_deleted bigint not null default 0,
  -- Outputs that Postgres refused: outputs = outputs_saved + outputs_set_aside, where nothing is missing.
  add column outputs_set_aside bigint not null default 0;

-- What a run that is still going listed so far: one row a record of the topic. Gone when the run has ended.
create table run_listing (
  run_id uuid not null references sync_run (id) on delete cascade,
  kafka_offset bigint not null,
  external_ids text[] not null,
  primary key (run_id, kafka_offset)
);
comment on table run_listing is 'External ids that runs under way have listed.';

-- Rows that a run which has ended is to mark as deleted still, some thousands a part. Each goes with its part's marks.
create table pending_deletion (
  run_id uuid not null references sync_run (id) on delete cascade,
  part integer not null,
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  content_ids bigint[] not null,
  primary key (run_id, part)
);
comment on table pending_deletion is 'Content that is still to be marked as deleted, by the run whose listing did not show it.';
create index pending_deletion_of_user_integration on pending_deletion (user_integration_id);

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on run_listing, pending_deletion to tributary_scheduler, tributary_sink;
  end if;
end
$$;
