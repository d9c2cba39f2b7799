-- Collecting objects that nothing refers to, retention of content, and rebuilding content beside the live table.

-- References end with the key of their object, of 109 characters, whatever folder or bucket it was in at the time. Rows
-- with large content are few, and so are the entries of this index.
create index user_integration_content_object on user_integration_content (right(content_ref, 109))
  where content_ref is not null;
create index dead_letter_object on dead_letter (right(record ->> 'content_ref', 109))
  where record ->> 'content_ref' is not null and redriven_at is null;

-- Rows come and go: dead ones are to be found before many of them have gathered.
alter table user_integration_content set (autovacuum_vacuum_scale_factor = 0.05);

-- How many days content is kept, by the item's own time, or the time it came in where it has none; null: for good.
-- purge_before: what came in or was changed before is to go, once; asked for by the scheduler, taken back by the sink.
alter table user_integration
  add column retention_days integer check (retention_days between 1 and 36500),
  add column purge_before timestamptz;
create index user_integration_purged on user_integration (id)
  where retention_days is not null or purge_before is not null;

-- What sinks do from time to time, one of them at a time, in steps: whoever takes over goes on behind the position.
create table upkeep (
  name text primary key,
  -- Where this round is; null: at its start.
  position text,
  -- When the next step may be taken; rounds and steps are spaced by it.
  due_at timestamptz not null default now(),
  lease_owner uuid,
  lease_until timestamptz,
  -- Rows or objects removed, ever.
  removed bigint not null default 0,
  round_ended_at timestamptz
);
comment on table upkeep is 'Work of the sinks that comes round: retention of content, and objects nothing refers to.';
insert into upkeep (name) values ('retention'), ('orphans');

-- A replay of outputs may fill a table beside the live one. Null: the live one.
alter table replay add column target_schema text
  check (target_schema ~ '^[a-z][a-z0-9_]{0,62}$' and target_schema !~ '^(pg_|information_schema$)');

-- Makes schema and table for a replay, or finds those of an earlier one. Runs with the rights of whoever migrates, since
-- sinks may not make schemas; it makes nothing but a copy of the live table's form, and refuses a schema that is there
-- for anything else.
do $$
begin
  execute format($function$
    create function open_rebuild(target text) returns void
      language plpgsql security definer set search_path = %1$I, pg_temp
    as $body$
    declare
      live constant regclass := '%1$I.user_integration_content';
      sign constant text := 'Rebuilt by a replay of outputs.';
      item record;
    begin
      if target !~ '^[a-z][a-z0-9_]{0,62}$' or target ~ '^(pg_|information_schema$)' then
        raise exception 'not a name for a rebuilt schema' using errcode = 'invalid_parameter_value';
      end if;
      if exists (select from pg_namespace where nspname = target) then
        if obj_description(to_regnamespace(target), 'pg_namespace') is distinct from sign then
          raise exception 'the schema is there for something else' using errcode = 'invalid_parameter_value';
        end if;
        return;
      end if;
      execute format('create schema %%I', target);
      execute format('comment on schema %%I is %%L', target, sign);
      execute format('create table %%I.user_integration_content (like %%s including defaults including identity'
                     ' including generated including storage including compression including comments)', target, live);
      execute format('alter table %%I.user_integration_content set (autovacuum_vacuum_scale_factor = 0.05)', target);
      -- Constraints and indexes keep their names, so that the table can take the live one's place.
      for item in
        select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
         where conrelid = live and contype in ('p', 'u', 'f', 'c') order by contype = 'f', conname
      loop
        execute format('alter table %%I.user_integration_content add constraint %%I %%s',
                       target, item.name, item.definition);
      end loop;
      for item in
        select pg_get_indexdef(i.indexrelid) as definition, i.indexrelid::regclass::text as name from pg_index i
         where i.indrelid = live and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
      loop
        execute regexp_replace(item.definition, ' ON .*user_integration_content USING ',
                               format(' ON %%I.user_integration_content USING ', target));
      end loop;
      if exists (select from pg_roles where rolname = 'tributary_sink') then
        execute format('grant usage on schema %%I to tributary_sink, tributary_scheduler', target);
        execute format('grant select, insert, update, delete on %%I.user_integration_content'
                       ' to tributary_sink, tributary_scheduler', target);
      end if;
    exception
      when insufficient_privilege then
        raise exception 'the user that migrates may not create schemas' using errcode = 'invalid_parameter_value';
    end
    $body$
  $function$, current_schema());
end
$$;
comment on function open_rebuild(text) is 'Makes a schema with an empty user_integration_content for a replay to fill.';
revoke execute on function open_rebuild(text) from public;

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_sink')
     and exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, update on upkeep to tributary_sink;
    grant select, update (due_at) on upkeep to tributary_scheduler;
    grant select (retention_days, purge_before), update (purge_before) on user_integration to tributary_sink;
    grant execute on function open_rebuild(text) to tributary_sink;
  end if;
end
$$;
