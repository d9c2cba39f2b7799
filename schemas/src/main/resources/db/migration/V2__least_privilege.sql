-- What each service may touch. The login users that the services connect with are made members of these roles.
-- Where the migrating user may not create roles, an administrator makes them and runs this file's grants.

create view worker_user_integration as
  select id, user_id, integration_domain, config, credentials, sync_status from user_integration;
comment on view worker_user_integration is 'What the worker needs to execute a task, and nothing else.';

do $$
declare
  role_name text;
begin
  foreach role_name in array array['tributary_scheduler', 'tributary_worker', 'tributary_sink'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin', role_name);
      exception
        when insufficient_privilege then
          raise notice 'role % is missing and this user may not create it: create it and grant by hand', role_name;
          return;
        when duplicate_object or unique_violation then
          null; -- made by another replica, or for another database of this server, in the meantime
      end;
    end if;
  end loop;

  execute format('grant usage on schema %I to tributary_scheduler, tributary_worker, tributary_sink', current_schema());
  grant select, insert, update, delete on user_integration, sync_run, dead_letter, task_failure, user_integration_content
    to tributary_scheduler;
  grant select on worker_user_integration to tributary_worker;
  grant select, insert, update, delete on user_integration_content, dead_letter, task_failure to tributary_sink;
  grant select, update on sync_run to tributary_sink;
  grant select (id, user_id, integration_domain, sync_state, sync_status, poll_interval_minutes, schedule_cron,
                last_sync_at, next_sync_at, error_code, error_message, version),
        update (sync_state, sync_status, last_sync_at, next_sync_at, error_code, error_message, updated_at)
    on user_integration to tributary_sink;
end
$$;
