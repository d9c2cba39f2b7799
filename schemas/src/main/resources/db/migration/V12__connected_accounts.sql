-- Whose account at the provider a user integration is connected to, as its integration's connect found out.

alter table user_integration
  -- When a system run shall ask the provider; null: nothing to ask, or a run was queued.
  add column connect_due_at timestamptz,
  -- The provider's id of the account, and what a person would call it; null: unknown.
  add column account_id text,
  add column account_name text,
  -- What the provider knew better than the user when it was asked last: of what is in config, this is not the user's.
  add column account_settings jsonb not null default '{}';
comment on column user_integration.account_id is 'The provider''s id of the account that is connected; null: unknown.';
comment on column user_integration.account_name is 'What a person would call the account that is connected; null: unknown.';

create index user_integration_connect on user_integration (connect_due_at)
  where sync_status = 'active' and connect_due_at is not null;

-- Notes what a provider said, and puts its settings into the config where the user gave no value: none at all, or the one
-- that was found there before. While another run is due, the answer is about credentials that are gone, and is dropped.
-- The sink calls it with the rights of its owner: it may neither read nor write configs otherwise.
create function save_account(integration uuid, provider_id text, provider_name text, found jsonb) returns void
  language sql security definer as $$
  update user_integration u
     set account_id = provider_id,
         account_name = provider_name,
         account_settings = found,
         config = u.config || coalesce(
           (select jsonb_object_agg(f.key, f.value) from jsonb_each(found) f
             where coalesce(u.config -> f.key, 'null') in ('null', coalesce(u.account_settings -> f.key, 'null'))), '{}'),
         updated_at = now()
   where u.id = integration and u.connect_due_at is null
$$;
comment on function save_account(uuid, text, text, jsonb) is 'Notes whose account a user integration is connected to.';

do $$
declare
  signature constant text := 'save_account(uuid, text, text, jsonb)';
begin
  -- It runs with its owner's rights, so nobody else's tables may stand in for theirs.
  execute format('alter function %s set search_path = %I, pg_temp', signature, current_schema());
  execute format('revoke all on function %s from public', signature);
  if exists (select from pg_roles where rolname = 'tributary_sink') then
    execute format('grant execute on function %s to tributary_sink', signature);
  end if;
end
$$;
