-- Templates of notifications.

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

do $$
begin
  if exists (select from pg_roles where rolname = 'tributary_scheduler') then
    grant select, insert, update, delete on notification_template to tributary_scheduler;
  end if;
end
$$;
