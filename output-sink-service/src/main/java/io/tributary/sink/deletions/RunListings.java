package io.tributary.sink.deletions;

import io.tributary.sink.postgres.Postgres;
import io.tributary.sink.postgres.StorableText;
import io.tributary.sink.run.RunBatch;
import io.tributary.sink.run.RunRecord.Listed;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.jdbc.support.SqlArrayValue;

/** The listings of live runs: a row for each record, and no row for runs without listings. */
public record RunListings(Postgres postgres) {

    private static final String SAVE = "insert into run_listing (run_id, kafka_offset, external_ids)"
            + " values (:runId, :offset, :externalIds) on conflict do nothing"; // a replay was left, and goes on

    /** Also of runs that the scheduler has ended. */
    private static final String DELETE = """
        delete from run_listing l using sync_run r
         where r.id = l.run_id and r.finished_at is not null
           and l.run_id in (select run_id from run_listing where run_id = any(?))\
        """;

    /** Saves the listings of live runs. Within the transaction that locked the runs. */
    public void save(List<RunBatch> batches) {
        insert(batches.stream().filter(batch -> !batch.run().finished()));
    }

    /** Saves the listings of ended runs, read again by a replay. Within the transaction that locked the runs. */
    public void saveAgain(List<RunBatch> batches) {
        insert(batches.stream().filter(batch -> batch.run().finished()));
    }

    /** Within the transaction that ended the runs. */
    public void delete(List<RunBatch> batches) {
        Object[] ended = batches.stream()
                .filter(batch -> batch.completion().isPresent())
                .map(batch -> batch.run().id())
                .toArray();
        if (ended.length > 0) {
            postgres.sql(DELETE).param(new SqlArrayValue("uuid", ended)).update();
        }
    }

    private void insert(Stream<RunBatch> batches) {
        postgres.batch(
                SAVE,
                batches.flatMap(batch -> batch.listings().stream()
                                .map(listed -> Row.of(batch.run().id(), listed)))
                        .toList());
    }

    private record Row(UUID runId, long offset, SqlArrayValue externalIds) {
        static Row of(UUID runId, Listed listed) {
            Object[] ids = listed.listing().getExternalIds().stream()
                    .map(StorableText::of) // as the rows have them
                    .toArray();
            return new Row(runId, listed.offset(), new SqlArrayValue("text", ids));
        }
    }
}
