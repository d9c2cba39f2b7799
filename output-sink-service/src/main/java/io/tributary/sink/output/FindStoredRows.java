package io.tributary.sink.output;

import io.tributary.sink.output.ContentRow.Key;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SqlArrayValue;

/** Looks up which rows of a batch are there already, without moving any content. */
final class FindStoredRows {

    /**
     * Rows are found by the index, one after the other, however small the table is: a plan made while it was small would
     * be kept, and read the whole table for each batch when it has grown. The plan that is kept knows neither how many
     * keys there are nor that a key has one row, and would make a bitmap for each key, at three times the cost. Holds for
     * the rest of the transaction.
     */
    private static final String BY_INDEX = "set local enable_seqscan = off; set local enable_hashjoin = off;"
            + " set local enable_mergejoin = off; set local enable_bitmapscan = off";

    private static final String FIND = """
            select wanted.position, stored.id, stored.content_hash, stored.run_sequence,
                   stored.deleted_at is not null
              from unnest(?, ?) with ordinality as wanted (user_integration_id, external_id, position)
              join user_integration_content stored using (user_integration_id, external_id)""";

    private final JdbcTemplate jdbc;

    FindStoredRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** The rows that are there, by their keys. */
    Map<Key, StoredRow> of(Collection<Key> keys) {
        List<Key> wanted = List.copyOf(keys);
        Map<Key, StoredRow> found = HashMap.newHashMap(wanted.size());
        jdbc.execute(BY_INDEX);
        jdbc.query(
                FIND,
                row -> {
                    found.put(
                            wanted.get(row.getInt(1) - 1),
                            new StoredRow(row.getLong(2), row.getBytes(3), row.getLong(4), row.getBoolean(5)));
                },
                new SqlArrayValue(
                        "uuid", wanted.stream().map(Key::userIntegrationId).toArray()),
                new SqlArrayValue("text", wanted.stream().map(Key::externalId).toArray()));
        return found;
    }
}
