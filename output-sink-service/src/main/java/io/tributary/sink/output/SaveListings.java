package io.tributary.sink.output;

import io.tributary.sink.output.RunRecord.Listed;
import io.tributary.sink.postgres.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SqlArrayValue;

/** Keeps what runs list until they end: a row a record, and nothing at all for runs that list nothing. */
final class SaveListings {

    private static final String SAVE = "insert into run_listing (run_id, kafka_offset, external_ids) values (?, ?, ?)"
            + " on conflict do nothing"; // a replay was left, and goes on

    /** Also of runs that were ended otherwise, by a deadline of the scheduler's. */
    private static final String FORGET = """
            delete from run_listing l using sync_run r
             where r.id = l.run_id and r.finished_at is not null
               and l.run_id in (select run_id from run_listing where run_id = any(?))""";

    private final JdbcTemplate jdbc;

    SaveListings(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Within the transaction that locked the runs. */
    void save(List<RunBatch> batches) {
        insert(batches.stream().filter(batch -> !batch.run().finished()).toList());
    }

    /** Those of runs that ended, read again. Within the transaction that locked the runs. */
    void saveAgain(List<RunBatch> batches) {
        insert(batches.stream().filter(batch -> batch.run().finished()).toList());
    }

    private void insert(List<RunBatch> batches) {
        List<Object[]> rows = new ArrayList<>();
        for (RunBatch batch : batches) {
            batch.listings().forEach(listed -> rows.add(row(batch.run().id(), listed)));
        }
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(SAVE, rows);
        }
    }

    /** Within the transaction that ended the runs. */
    void forget(List<RunBatch> batches) {
        UUID[] ended = batches.stream()
                .filter(batch -> batch.completion().isPresent())
                .map(batch -> batch.run().id())
                .toArray(UUID[]::new);
        if (ended.length > 0) {
            jdbc.update(FORGET, new SqlArrayValue("uuid", (Object[]) ended));
        }
    }

    private static Object[] row(UUID runId, Listed listed) {
        Object[] ids = listed.listing().getExternalIds().stream()
                .map(StorableText::of) // as the rows have them
                .toArray();
        return new Object[] {runId, listed.offset(), new SqlArrayValue("text", ids)};
    }
}
