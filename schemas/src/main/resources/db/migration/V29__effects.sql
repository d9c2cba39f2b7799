-- Effects of actions, each once for its business key.

-- A row says that the effect happened. Whoever writes it holds a lock of the account's row, which its deletion waits
-- for.
create table effect (
  user_integration_id uuid not null,
  effect_key text not null,
  action text not null,
  run_id uuid not null,
  task_id uuid not null,
  -- The provider's own id of the effect; null: it gave none.
  provider_id text,
  result jsonb not null default '{}',
  happened_at timestamptz not null default now(),
  primary key (user_integration_id, effect_key)
);
comment on table effect is 'Effects that happened, one row for each account and business key.';
create index effect_happened on effect (happened_at);

-- A key that was requested is not requested again, unless its run ended without it.
create table requested_effect (
  user_integration_id uuid not null,
  effect_key text not null,
  action text not null,
  -- The run that executes it.
  run_id uuid not null,
  requested_at timestamptz not null,
  primary key (user_integration_id, effect_key)
);
comment on table requested_effect is 'Effects that were requested, by account and business key.';
create index requested_effect_requested on requested_effect (requested_at);

alter table dead_letter add column effect_key text;
comment on column dead_letter.effect_key is 'Business key of the effect that its task was to have; null: it has none.';

-- Whether a run takes the live slot of its sync type. Runs of actions never do, whatever started them: any number of
-- them is live. A trigger replaces the expression, whose change would write the whole table again.
alter table sync_run alter column exclusive drop expression;
create function decide_exclusive() returns trigger language plpgsql as $$
begin
  new.exclusive := new.trigger not in ('backfill', 'replay', 'system') and new.sync_type <> 'system:actions';
  return new;
end
$$;
create trigger sync_run_exclusive before insert or update of trigger, sync_type, exclusive on sync_run
  for each row execute function decide_exclusive();
comment on column sync_run.exclusive is
  'Whether the run takes the one live slot of its sync type, and moves its state and schedule at its end; by a trigger.';

create view worker_effect as select user_integration_id, effect_key, provider_id from effect;
comment on view worker_effect is 'What the worker needs to see that an effect happened.';

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, update, delete on effect to tributary_scheduler;
    grant select, insert, update, delete on requested_effect to tributary_scheduler;
    grant select, insert, delete on effect to tributary_sink;
    grant select, delete on requested_effect to tributary_sink;
    grant select on worker_effect to tributary_worker;
  end if;
end
$$;
