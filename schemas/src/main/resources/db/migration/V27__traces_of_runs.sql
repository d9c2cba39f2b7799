-- The span that a run belongs under, as a W3C traceparent of 55 characters. Services without tracing leave it null.
alter table sync_run add column traceparent text;
comment on column sync_run.traceparent is 'W3C traceparent of the trigger of the run; its flag says whether spans are recorded.';
