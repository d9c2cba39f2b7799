-- The runs of a user integration that are still going, a handful beside its long history: the sink asks for older ones
-- with each batch, the scheduler for those that are late.
create index sync_run_live on sync_run (user_integration_id, sequence) where finished_at is null;
