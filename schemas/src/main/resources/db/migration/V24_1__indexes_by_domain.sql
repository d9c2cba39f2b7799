-- Indexes of large tables. Deployments with many accounts build them before the upgrade, with "concurrently" in place of "if
-- not exists": then nothing happens here.

-- What is due is found by its integration, so that a paused one costs a look, however many accounts it has.
create index if not exists user_integration_access_refresh_by_domain
  on user_integration (integration_domain, access_refresh_at)
  where sync_status = 'active' and access_refresh_at is not null;
create index if not exists user_integration_identify_by_domain on user_integration (integration_domain, identify_due_at)
  where sync_status = 'active' and identify_due_at is not null;
create index if not exists one_off_task_waiting_by_domain on one_off_task (integration_domain, run_at)
  where run_id is null and cancelled_at is null;

-- The earliest due delivery of each webhook.
create index if not exists webhook_delivery_due_of_webhook on webhook_delivery (webhook_id, next_attempt_at)
  where status = 'pending';

-- One-off tasks that ended, for their retention.
create index if not exists one_off_task_ended on one_off_task (greatest(run_at, cancelled_at))
  where run_id is not null or cancelled_at is not null;

drop index if exists user_integration_access_refresh;
drop index if exists user_integration_identify;
drop index if exists one_off_task_waiting;
drop index if exists webhook_delivery_due;

-- Secrets of older keys, which begin with another key's id: to find none costs a look.
create index if not exists user_integration_credentials_key
  on user_integration (substring(credentials from 1 for 5), id) where credentials is not null;
create index if not exists webhook_secret_key on webhook (substring(secret from 1 for 5), id) where secret is not null;
