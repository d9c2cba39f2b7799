-- The open cycle of an organisation keeps its days when the time zone changes.

alter table billing_account
  add column first_day date,
  add column next_day date;
comment on column billing_account.first_day is
  'First day of the open cycle, in the zone that it began with; null: a version before V37.1 opened it.';
comment on column billing_account.next_day is 'First day of the next cycle, which begins at ends.';
