-- Stored responses are sealed: some of them hold a secret, such as that of a new webhook.

-- The column body stays for a day: versions before this one read and write it.
alter table idempotency_key add column sealed_body bytea;
comment on column idempotency_key.body is 'In clear, as versions before V36 stored it; later ones read it only.';
comment on column idempotency_key.sealed_body is 'Body of the response, sealed and bound to user_id and key.';
