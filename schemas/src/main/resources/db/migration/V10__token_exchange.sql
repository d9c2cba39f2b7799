-- Renewing OAuth2 access by the worker that owns the user integration.

-- When a system run shall renew the access token, 5 minutes before it expires; null: nothing to renew, or a run is under way.
alter table user_integration add column access_refresh_at timestamptz;
create index user_integration_access_refresh on user_integration (access_refresh_at)
  where sync_status = 'active' and access_refresh_at is not null;

create table token_exchange (
  user_integration_id uuid primary key references user_integration (id) on delete cascade,
  -- Who asks the provider, from before the request until its answer is stored; null: nobody.
  holder uuid,
  begun_at timestamptz not null,
  -- A request was sent whose answer was never stored: the provider may have rotated the refresh token.
  unanswered boolean not null default false
);
comment on table token_exchange is
  'Exchanges of a refresh token under way, written before the provider is asked: tells an interrupted one from a revoked grant.';

-- Consents under way: from the authorization URL that a user was given to the callback, once.
create table oauth_authorization (
  -- SHA-256 of the state that travels; the state itself is nowhere.
  state_hash bytea primary key,
  user_integration_id uuid not null references user_integration (id) on delete cascade,
  user_id text not null,
  -- SHA-256 of the cookie of the browser that asked.
  browser_hash bytea not null,
  -- Code verifier (RFC 7636), client and where to, as sealed JSON, bound to the user integration.
  sealed bytea not null,
  expires_at timestamptz not null
);
comment on table oauth_authorization is 'Authorization requests that were not called back yet.';
create index oauth_authorization_expiry on oauth_authorization (expires_at);
create index oauth_authorization_of on oauth_authorization (user_integration_id);

-- The worker sees a user integration through its view and changes it through these functions only. All of them lock
-- the user integration first, as whoever changes credentials does.

-- Takes the exchange: one row with what to exchange, or with how long another one still has it; none: no such account.
create function begin_token_exchange(account uuid, new_holder uuid, lease_millis bigint)
  returns table (config jsonb, credentials bytea, unanswered boolean, held_millis bigint)
  language plpgsql security definer as $$
declare
  lease constant interval := lease_millis * interval '1 millisecond';
  held token_exchange;
begin
  perform 1 from user_integration u where u.id = account for no key update;
  if not found then
    return;
  end if;
  select * into held from token_exchange e where e.user_integration_id = account;
  if held.holder is not null and held.begun_at > clock_timestamp() - lease then
    return query select null::jsonb, null::bytea, false,
      greatest(1, (extract(epoch from held.begun_at + lease - clock_timestamp()) * 1000)::bigint);
    return;
  end if;
  insert into token_exchange as e (user_integration_id, holder, begun_at)
    values (account, new_holder, clock_timestamp())
    on conflict (user_integration_id) do update
      set holder = excluded.holder, begun_at = excluded.begun_at,
          unanswered = e.unanswered or e.holder is not null; -- whoever had it died of it
  return query select u.config, u.credentials, e.unanswered, 0::bigint
    from user_integration u join token_exchange e on e.user_integration_id = u.id where u.id = account;
end
$$;

-- Stores what the exchange brought, before it is used; false: somebody else has it by now, or the account has new credentials.
create function save_exchanged_tokens(account uuid, by_holder uuid, sealed bytea, refresh_at timestamptz)
  returns boolean
  language plpgsql security definer as $$
begin
  perform 1 from user_integration u where u.id = account for no key update;
  delete from token_exchange e where e.user_integration_id = account and e.holder = by_holder;
  if not found then
    return false;
  end if;
  update user_integration u
    set credentials = sealed, access_refresh_at = refresh_at, updated_at = now()
    where u.id = account;
  return true;
end
$$;

-- Gives the exchange back without tokens. heard: the provider answered, or was never asked.
create function end_token_exchange(account uuid, by_holder uuid, heard boolean)
  returns void
  language plpgsql security definer as $$
begin
  perform 1 from user_integration u where u.id = account for no key update;
  update token_exchange e
    set holder = null, unanswered = e.unanswered or not heard
    where e.user_integration_id = account and e.holder = by_holder;
  delete from token_exchange e where e.user_integration_id = account and e.holder is null and not e.unanswered;
end
$$;

do $$
declare
  signature text;
begin
  foreach signature in array array[
    'begin_token_exchange(uuid, uuid, bigint)',
    'save_exchanged_tokens(uuid, uuid, bytea, timestamptz)',
    'end_token_exchange(uuid, uuid, boolean)'] loop
    -- They run with their owner's rights, so nobody else's tables may stand in for theirs.
    execute format('alter function %s set search_path = %I, pg_temp', signature, current_schema());
    execute format('revoke all on function %s from public', signature);
    if exists (select from pg_roles where rolname = 'tributary_worker') then
      execute format('grant execute on function %s to tributary_worker', signature);
    end if;
  end loop;
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on token_exchange, oauth_authorization to tributary_scheduler;
  end if;
end
$$;
