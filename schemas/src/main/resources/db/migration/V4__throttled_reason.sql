-- Why a run waits until throttled_until: the stable code of what the provider said.
alter table sync_run add column throttled_reason text;
