-- Runs are live for seconds, so the planner mostly believes that none is. Then each partial index of live runs seems to
-- hold nothing, and it may read all of one rather than look a key up in another. An index whose predicate names its key can
-- be taken only by who asks for that key. Who wants all live runs asks for user_id >= ''.
drop index sync_run_live;
create index sync_run_live on sync_run (user_integration_id, sequence)
  where finished_at is null and user_integration_id is not null;

drop index sync_run_live_of_user;
create index sync_run_live_of_user on sync_run (user_id, integration_domain)
  where finished_at is null and user_id is not null;
