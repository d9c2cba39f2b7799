-- Dead-lettered outputs are redriven by the bytes of their dead letter, which Avro reads whatever fields it has.
alter table dead_letter add column message bytea;
comment on column dead_letter.message is
  'The dead letter of an output, as on its topic. Null for tasks, and for rows of earlier versions: then record counts.';
