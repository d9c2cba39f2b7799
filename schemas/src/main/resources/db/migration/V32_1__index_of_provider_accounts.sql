-- A webhook of a provider app names its account as the provider does. A build that
-- was interrupted leaves an invalid index, which is dropped and built anew.
do $$
declare
  invalid regclass;
begin
  for invalid in
    select indexrelid from pg_index
     where not indisvalid and indexrelid = to_regclass('user_integration_account')
  loop
    execute format('drop index %s', invalid);
  end loop;
end
$$;

create index concurrently if not exists user_integration_account
  on user_integration (integration_domain, account_id) where account_id is not null;
