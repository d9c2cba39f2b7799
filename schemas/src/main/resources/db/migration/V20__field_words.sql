-- Tables and columns take the field's words. No row changes.

alter table sync_run rename column outputs_set_aside to outputs_dead_lettered;
alter table sync_run rename column cancel_asked_at to cancel_requested_at;
alter table sync_pause rename column asked_by to requested_by;
alter table user_integration rename column connect_due_at to identify_due_at;
alter index user_integration_connect rename to user_integration_identify;

alter table duty rename to scheduler_maintenance;
comment on table scheduler_maintenance is 'Periodic work of the schedulers: when each job ran last, when it runs next, and how it went.';
alter table upkeep rename to sink_maintenance;
comment on table sink_maintenance is 'Periodic work of the sinks: retention of content, and objects that nothing refers to.';
comment on table dead_letter is 'Tasks and outputs that were dead-lettered after their attempts; they can be redriven.';

-- Notes the account that a provider identified, and puts its settings into the config where the user gave no value: none at
-- all, or the one that was found there before. While another run is due, the response is about credentials that are gone,
-- and is dropped. The sink calls it with the rights of its owner: it may neither read nor write configs otherwise.
create or replace function save_account(integration uuid, provider_id text, provider_name text, found jsonb) returns void
  language sql security definer as $$
  update user_integration u
     set account_id = provider_id,
         account_name = provider_name,
         account_settings = found,
         config = u.config || coalesce(
           (select jsonb_object_agg(f.key, f.value) from jsonb_each(found) f
             where coalesce(u.config -> f.key, 'null') in ('null', coalesce(u.account_settings -> f.key, 'null'))), '{}'),
         updated_at = now()
   where u.id = integration and u.identify_due_at is null
$$;

do $$
begin
  -- A replaced function loses its settings, the search path among them.
  execute format('alter function save_account(uuid, text, text, jsonb) set search_path = %I, pg_temp', current_schema());
end
$$;
