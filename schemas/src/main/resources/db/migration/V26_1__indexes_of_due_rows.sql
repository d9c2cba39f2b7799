-- Indexes of large tables, built while services write. A build that was interrupted leaves an invalid index, which is dropped
-- and built anew.
do $$
declare
  invalid regclass;
begin
  for invalid in
    select indexrelid from pg_index
     where not indisvalid and indexrelid in (to_regclass('audit_log_archive_at'), to_regclass('user_integration_health_by_domain'))
  loop
    execute format('drop index %s', invalid);
  end loop;
end
$$;

create index concurrently if not exists audit_log_archive_at on audit_log_archive (at);

-- Due health checks are found by their integration, so that a paused one costs a look, however many accounts it has.
create index concurrently if not exists user_integration_health_by_domain on user_integration (integration_domain, health_due_at)
  where sync_status = 'active' and health_due_at is not null;
drop index concurrently if exists user_integration_health;
