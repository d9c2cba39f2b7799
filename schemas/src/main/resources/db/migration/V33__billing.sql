-- Usage that is billed, plans, and invoices that name each event they bill.

create table billing_plan (
  id text primary key,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  fixed_fee numeric not null default 0 check (fixed_fee >= 0),
  -- [{"meter", "unitPrice", "included"}]; a meter without a price is not billed.
  prices jsonb not null,
  changed_at timestamptz not null default now()
);
comment on table billing_plan is 'Prices of meters. An invoice keeps the prices that it was made with.';

create table billing_account (
  org_id text primary key,
  plan_id text not null references billing_plan (id),
  zone text not null,
  cycle text not null check (cycle in ('day', 'month')),
  -- Usage before this time is never billed.
  billed_from timestamptz not null,
  -- The open cycle: midnights in the zone.
  begins timestamptz not null,
  ends timestamptz not null check (ends > begins),
  -- Account of a payment provider whose action "charge" collects invoices; null: somebody else does.
  charge_account uuid references user_integration (id) on delete set null,
  -- The provider's id of the customer, which the action gets.
  customer text,
  changed_at timestamptz not null default now()
);
comment on table billing_account is 'Organisations that are billed: their plan, and the cycle that is open.';
create index billing_account_due on billing_account (ends);
create index billing_account_charge on billing_account (charge_account) where charge_account is not null;

create table invoice (
  id uuid primary key default gen_random_uuid(),
  org_id text not null,
  begins timestamptz not null,
  ends timestamptz not null,
  -- Local dates: the first day, and the day after the last one.
  period text not null,
  status text not null check (status in ('closing', 'issued', 'charging', 'paid', 'failed', 'uncertain')),
  currency text not null,
  fixed_fee numeric not null,
  prices jsonb not null,
  billed_from timestamptz not null,
  total numeric not null default 0,
  created_at timestamptz not null default now(),
  issued_at timestamptz,
  charge_account uuid,
  customer text,
  charge_run_id uuid,
  charge_error text,
  unique (org_id, begins)
);
comment on table invoice is 'Invoices; those with status closing are still claiming the usage of their cycle.';
create index invoice_closing on invoice (created_at) where status = 'closing';
create index invoice_to_charge on invoice (issued_at) where status = 'issued' and charge_account is not null;
create index invoice_charging on invoice (id) where status = 'charging';
create index invoice_of_org on invoice (org_id, begins desc, id);

create table invoice_line (
  invoice_id uuid not null references invoice (id) on delete cascade,
  position integer not null,
  -- fee: the fixed fee; usage: a meter; credit: what a credit pays.
  kind text not null check (kind in ('fee', 'usage', 'credit')),
  meter text not null,
  quantity numeric not null,
  included numeric not null default 0,
  unit_price numeric not null,
  amount numeric not null,
  -- Events of the line, and those of them from before the cycle.
  events bigint not null default 0,
  late_events bigint not null default 0,
  primary key (invoice_id, position)
);
comment on table invoice_line is
  'Lines of invoices. The events of a line are the rows of usage_event with its invoice and meter.';

create table billing_credit (
  org_id text not null,
  id text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount numeric not null check (amount > 0),
  remaining numeric not null check (remaining >= 0 and remaining <= amount),
  created_at timestamptz not null default now(),
  primary key (org_id, id)
);
comment on table billing_credit is 'Credits of organisations; invoices use them up, the oldest first.';

create table usage_event (
  org_id text not null,
  -- Chosen by the sender: an event that is sent again is known by it.
  id text not null,
  meter text not null,
  quantity numeric not null,
  at timestamptz not null,
  properties jsonb not null default '{}',
  received_at timestamptz not null default clock_timestamp(),
  -- The invoice that bills it, for good; null: none yet.
  invoice_id uuid,
  primary key (org_id, id)
);
comment on table usage_event is 'Usage, once for each id; the ledger of invoices.';
create index usage_event_unbilled on usage_event (org_id, at) where invoice_id is null;
create index usage_event_of_invoice on usage_event (invoice_id, meter, at, id) where invoice_id is not null;
create index usage_event_received on usage_event (received_at);

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update on billing_plan, billing_account, invoice, billing_credit to tributary_scheduler;
    grant select, insert on invoice_line to tributary_scheduler;
    grant select, insert, update, delete on usage_event to tributary_scheduler;
  end if;
end
$$;
