-- What is due of further sync types is found integration by integration too, as that of user_integration is.
alter table sync_schedule add column integration_domain text;
update sync_schedule s set integration_domain = i.integration_domain
  from user_integration i where i.id = s.user_integration_id;
alter table sync_schedule alter column integration_domain set not null;

drop index sync_schedule_due;
create index sync_schedule_due on sync_schedule (integration_domain, next_sync_at) where next_sync_at is not null;
