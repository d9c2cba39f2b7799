-- Items in the words that all platforms share, and time series of figures with sums by 5 minutes, hour and day.

alter table user_integration_content add column unified jsonb;
do $$
declare
  content regclass;
begin
  for content in -- those that replays have rebuilt
    select c.oid from pg_class c
     where c.relname = 'user_integration_content' and c.relkind = 'r' and c.oid <> 'user_integration_content'::regclass
       and exists (select from replay p where p.target_schema = c.relnamespace::regnamespace::text)
  loop
    execute format('alter table %s add column unified jsonb', content);
  end loop;
end
$$;
comment on column user_integration_content.unified is
  'The item in the words that all platforms share: author {id, name}, text, parent, thread, permalink, counts; null: none.';

create table metric_series (
  id bigint primary key generated always as identity,
  user_integration_id uuid not null,
  -- The first 128 bits of the SHA-256 of series and dimensions.
  key uuid not null,
  series text not null,
  dimensions jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (user_integration_id, key)
);
comment on table metric_series is 'Series of figures of an account: the name of a series, with dimensions as texts by name.';
create index metric_series_of_account on metric_series (user_integration_id, series, id);

-- Partitioned by month, in UTC, from 24 months before this migration to two months ahead. All earlier times share a
-- partition and all later ones another, so the times that a provider sends create none.
create table metric_point (
  series_id bigint not null,
  at timestamptz not null,
  value numeric not null,
  -- The run that wrote the value last, and the newest run that wrote or claimed it.
  run_id uuid not null,
  run_sequence bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (series_id, at)
) partition by range (at);
comment on table metric_point is 'Figures: the newest value of a series at a time.';
create table metric_point_later partition of metric_point default;
do $$
begin
  execute format('create table metric_point_earlier partition of metric_point for values from (minvalue) to (%L)',
                 to_char(date_trunc('month', now() at time zone 'UTC') - interval '24 months', 'YYYY-MM-DD')
                 || ' 00:00:00+00');
end
$$;

-- Values that were replaced, where tributary.sink.keep-restated-values is set.
create table metric_restatement (
  id bigint primary key generated always as identity,
  series_id bigint not null,
  at timestamptz not null,
  value numeric not null,
  -- Of the run that had written the value.
  run_id uuid not null,
  run_sequence bigint not null,
  written_at timestamptz not null,
  replaced_at timestamptz not null default now()
);
comment on table metric_restatement is 'Figures that the provider has restated: their values before.';
create index metric_restatement_of_point on metric_restatement (series_id, at, id);

-- Sums by 5 minutes, hour and day, in UTC; a maintenance job of the sinks keeps them.
create table metric_rollup (
  -- The job that computes sums holds no lock of the account, so the erasure of a series waits for it here.
  series_id bigint not null references metric_series (id) on delete cascade,
  step_minutes smallint not null check (step_minutes in (5, 60, 1440)),
  bucket timestamptz not null,
  points bigint not null,
  total numeric not null,
  least numeric not null,
  greatest numeric not null,
  last numeric not null,
  primary key (series_id, step_minutes, bucket)
);
comment on table metric_rollup is 'Sums of figures by 5 minutes, hour and day.';

-- Days of series whose sums are to be computed again. The transaction that changes a figure writes them.
create table metric_change (
  series_id bigint not null,
  day date not null,
  -- The first change since the sums were computed last.
  changed_at timestamptz not null default now(),
  -- Whether figures were removed: then sums may have to go.
  removed boolean not null default false,
  primary key (series_id, day)
);
comment on table metric_change is 'Days of series whose sums a maintenance job computes next.';
create index metric_change_next on metric_change (changed_at);

-- What the retention of figures has done: a purge that was requested is done once.
create table metric_retention (
  user_integration_id uuid primary key references user_integration (id) on delete cascade,
  purged_before timestamptz not null
);
comment on table metric_retention is 'Figures of these accounts that were written before this time were purged.';

-- Sinks may not create tables: this has the rights of the owner. Of the months it creates, only those to come can have
-- figures, and few. While it attaches a partition, nobody may use metric_point_later; if a long transaction uses that
-- partition, such as a backup, the next call creates the months.
do $$
begin
  execute format($function$
    create function ensure_metric_partitions() returns integer
      language plpgsql security definer set search_path = %1$I, pg_temp set lock_timeout = '2s'
    as $body$
    declare
      this_month timestamp := date_trunc('month', now() at time zone 'UTC');
      month timestamp;
      first timestamptz;
      behind timestamptz;
      name text;
      created integer := 0;
    begin
      for month in select generate_series(this_month - interval '24 months', this_month + interval '2 months', '1 month')
      loop
        name := 'metric_point_' || to_char(month, 'YYYY_MM');
        if to_regclass('%1$I.' || name) is null then
          -- One at a time.
          lock table only metric_point in share update exclusive mode;
          lock table metric_point_later in access exclusive mode;
          if to_regclass('%1$I.' || name) is null then
            first := month at time zone 'UTC';
            behind := (month + interval '1 month') at time zone 'UTC';
            execute format('create table %%I (like metric_point including defaults) with (fillfactor = 90)', name);
            execute format('with moved as (delete from metric_point_later where at >= $1 and at < $2 returning *)'
                           ' insert into %%I select * from moved', name) using first, behind;
            execute format('alter table metric_point attach partition %%I for values from (%%L) to (%%L)', name,
                           first, behind);
            created := created + 1;
          end if;
        end if;
      end loop;
      return created;
    exception when lock_not_available then
      return 0;
    end
    $body$
  $function$, current_schema());
end
$$;
comment on function ensure_metric_partitions() is
  'Creates the partitions of metric_point from 24 months ago to two months ahead; returns how many were missing.';
revoke execute on function ensure_metric_partitions() from public;
select ensure_metric_partitions();

-- The API lists the sums of runs by their time.
create index sync_stats_bucket on sync_stats (bucket desc, integration_domain);

insert into sink_maintenance (name) values ('metric-partitions'), ('metric-rollups'), ('metric-retention')
  on conflict do nothing;

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete
      on metric_series, metric_point, metric_restatement, metric_rollup, metric_change, metric_retention
      to tributary_sink;
    grant select on metric_series, metric_point, metric_restatement, metric_rollup to tributary_scheduler;
    grant execute on function ensure_metric_partitions() to tributary_sink;
  end if;
end
$$;
