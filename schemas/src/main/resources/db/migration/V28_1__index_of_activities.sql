-- Activities of an account are listed by their time. The rows of before have none of these kinds but activity. A build that
-- was interrupted leaves an invalid index, which is dropped and built anew.
do $$
declare
  invalid regclass;
begin
  for invalid in
    select indexrelid from pg_index
     where not indisvalid and indexrelid = to_regclass('user_integration_content_activities')
  loop
    execute format('drop index %s', invalid);
  end loop;
end
$$;

create index concurrently if not exists user_integration_content_activities
  on user_integration_content (user_integration_id, coalesce(external_timestamp, created_at), id)
  where kind in ('activity', 'post', 'comment', 'message', 'person') and deleted_at is null;
