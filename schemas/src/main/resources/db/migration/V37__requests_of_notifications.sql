-- The idempotency key of a request gives a notification its id. The digest tells another request with the same key.

alter table notification add column request bytea;
comment on column notification.request is
  'Digest of the request that created it; null: a version before V37 did, or the request had no key.';
