-- A backfill can be paused by itself, while its user integration goes on.

alter table sync_pause drop constraint sync_pause_kind_check;
alter table sync_pause add constraint sync_pause_kind_check
  check (kind in ('everything', 'platform', 'user_integration', 'backfill'));
alter table sync_pause drop constraint sync_pause_check;
alter table sync_pause add constraint sync_pause_check
  check ((kind in ('user_integration', 'backfill')) = (user_integration_id is not null));
comment on table sync_pause is
  'What is not to run: everything, a platform, a user integration, or a backfill by the id of its run.';

create or replace view worker_pause as select name from sync_pause where kind in ('everything', 'platform');

alter table worker_command drop constraint worker_command_command_check;
alter table worker_command add constraint worker_command_command_check
  check (command in ('pause', 'resume', 'pause_run', 'resume_run', 'cancel_run', 'purge', 'credentials_changed'));

-- A pause ends with its run, whoever ends that.
create function forget_pause_of_run() returns trigger language plpgsql security definer as $$
begin
  delete from sync_pause where name = new.id::text and kind = 'backfill';
  return null;
end
$$;

create trigger backfill_ended after update on sync_run for each row
  when (old.finished_at is null and new.finished_at is not null and new.trigger = 'backfill')
  execute function forget_pause_of_run();

do $$
begin
  execute format('alter function forget_pause_of_run() set search_path = %I, pg_temp', current_schema());
end
$$;
