-- Texts of notifications, and what their recipients want.

create table notification_template (
  id uuid primary key,
  user_id text not null,
  org_id text not null,
  name text not null,
  default_locale text not null,
  -- Texts by locale: {"en": {"subject", "text", "html"}}, each in Handlebars.
  locales jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (user_id, org_id, name)
);
comment on table notification_template is 'Texts of notifications with variables, by locale.';
create index notification_template_of_org on notification_template (org_id, id);

create table notification_suppression (
  id uuid primary key,
  -- Who added it.
  user_id text not null,
  org_id text not null,
  -- E-mail address in lower case, phone number in the form of E.164, or token of a device.
  address text not null,
  reason text,
  created_at timestamptz not null
);
comment on table notification_suppression is 'Addresses to which an organisation sends no notifications.';
-- An address may be longer than the entry of an index, so its digest is unique.
create unique index notification_suppression_of_org on notification_suppression (org_id, md5(address));

create table notification_preference (
  org_id text not null,
  user_id text not null,
  -- optedOut, zone and quietHours, as the API has them.
  preference jsonb not null,
  updated_at timestamptz not null,
  primary key (org_id, user_id)
);
comment on table notification_preference is 'What the users of an organisation want of the notifications to them.';

-- Leaves with its notification.
create table inbox_item (
  id bigint primary key generated always as identity,
  notification_id uuid not null unique references notification (id) on delete cascade,
  user_id text not null,
  org_id text not null,
  created_at timestamptz not null,
  read_at timestamptz
);
comment on table inbox_item is 'Notifications that their recipients find in Tributary itself.';
create index inbox_item_of_user on inbox_item (user_id, org_id, id);
create index inbox_item_unread on inbox_item (user_id, org_id) where read_at is null;

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on notification_template, notification_suppression to tributary_scheduler;
    grant select, insert, update on notification_preference, inbox_item to tributary_scheduler;
  end if;
end
$$;
