-- Credentials are bound to the place that they were given for, and to the runs that used them.

alter table user_integration
  -- When config or credentials were last replaced. The end of a run that was queued before says nothing about them.
  add column access_changed_at timestamptz,
  -- What an identification found at the provider, until the scheduler has checked and applied it; null: nothing.
  add column found_settings jsonb;
comment on column user_integration.access_changed_at is 'When config or credentials were last replaced; null: before this column.';
comment on column user_integration.found_settings is
  'Settings that the provider gave and the scheduler has not checked yet; null: none.';
comment on column user_integration.account_settings is
  'The settings of the provider that were applied last: of what is in config, this is not the user''s.';
create index if not exists user_integration_found_settings on user_integration (id) where found_settings is not null;

-- Notes what a provider said. While another run is due, the answer is about credentials that are gone, and is dropped.
-- Settings wait for the scheduler, which knows the config schema and the addresses that are allowed.
create or replace function save_account(integration uuid, provider_id text, provider_name text, found jsonb) returns void
  language sql security definer as $$
  update user_integration u
     set account_id = provider_id,
         account_name = provider_name,
         found_settings = found,
         updated_at = now()
   where u.id = integration and u.identify_due_at is null
$$;

-- Stores what the exchange brought, before it is used; false: another worker has it by now, or the account has new
-- credentials. The provider accepts the grant, so an expired account is active again. The audit log shows the renewal.
create or replace function save_exchanged_tokens(account uuid, by_holder uuid, sealed bytea, refresh_at timestamptz)
  returns boolean
  language plpgsql security definer as $$
begin
  perform 1 from user_integration u where u.id = account for no key update;
  delete from token_exchange e where e.user_integration_id = account and e.holder = by_holder;
  if not found then
    return false;
  end if;
  update user_integration u
    set credentials = sealed,
        access_refresh_at = refresh_at,
        access_changed_at = case when u.sync_status = 'expired' then now() else u.access_changed_at end,
        error_code = case when u.sync_status = 'expired' then null else u.error_code end,
        error_message = case when u.sync_status = 'expired' then null else u.error_message end,
        sync_status = case when u.sync_status = 'expired' then 'active' else u.sync_status end,
        updated_at = now()
    where u.id = account;
  insert into audit_log (at, user_id, operator, action, target, status, remote_address)
    values (clock_timestamp(), 'system', false, 'renewAccess', '/v1/user-integrations/' || account, 200, '');
  return true;
end
$$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'save_account(uuid, text, text, jsonb)',
    'save_exchanged_tokens(uuid, uuid, bytea, timestamptz)'] loop
    -- They run with their owner's rights, so nobody else's tables may stand in for theirs.
    execute format('alter function %s set search_path = %I, pg_temp', signature, current_schema());
  end loop;
  if exists (select from pg_roles where rolname = 'tributary_sink') then
    grant select (access_changed_at) on user_integration to tributary_sink;
  end if;
end
$$;
