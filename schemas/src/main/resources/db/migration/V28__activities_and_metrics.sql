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
comment on table metric_series is 'What figures of an account are measured of: the name of a series, with dimensions as texts by name.';
create index metric_series_of_account on metric_series (user_integration_id, series, id);

-- Partitioned by month, in UTC. What is far off shares a partition, so that no provider can make us create thousands.
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
create table metric_point_before_2000 partition of metric_point
  for values from (minvalue) to ('2000-01-01 00:00:00+00');
create table metric_point_from_2100 partition of metric_point
  for values from ('2100-01-01 00:00:00+00') to (maxvalue);

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

-- Sinks may not create tables. With the rights of the owner, this creates partitions of months from 2000 to 2099.
do $$
begin
  execute format($function$
    create function ensure_metric_partitions(months date[]) returns integer
      language plpgsql security definer set search_path = %1$I, pg_temp
    as $body$
    declare
      month date;
      name text;
      created integer := 0;
    begin
      foreach month in array months loop
        month := date_trunc('month', month::timestamp)::date;
        name := 'metric_point_' || to_char(month, 'YYYY_MM');
        if month >= '2000-01-01' and month < '2100-01-01' and to_regclass('%1$I.' || name) is null then
          -- One at a time; others read and write meanwhile.
          lock table metric_point in share update exclusive mode;
          if to_regclass('%1$I.' || name) is null then
            execute format('create table %%I (like metric_point including defaults) with (fillfactor = 90)', name);
            execute format('alter table metric_point attach partition %%I for values from (%%L) to (%%L)', name,
                           to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
                           to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
            created := created + 1;
          end if;
        end if;
      end loop;
      return created;
    end
    $body$
  $function$, current_schema());
end
$$;
comment on function ensure_metric_partitions(date[]) is 'Creates the partitions of metric_point of these months; returns how many were missing.';
revoke execute on function ensure_metric_partitions(date[]) from public;
select ensure_metric_partitions(array[current_date - 31, current_date, current_date + 31]);

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
    grant execute on function ensure_metric_partitions(date[]) to tributary_sink;
  end if;
end
$$;
