-- Dead letters of an effect are found by its key. A build that was interrupted leaves an invalid index, which is
-- dropped and built anew.
do $$
declare
  invalid regclass;
begin
  for invalid in
    select indexrelid from pg_index where not indisvalid and indexrelid = to_regclass('dead_letter_of_effect')
  loop
    execute format('drop index %s', invalid);
  end loop;
end
$$;

create index concurrently if not exists dead_letter_of_effect on dead_letter (user_integration_id, effect_key)
  where effect_key is not null;
