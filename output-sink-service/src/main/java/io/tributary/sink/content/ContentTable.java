package io.tributary.sink.content;

import static java.util.stream.Collectors.joining;

import io.tributary.sink.content.ContentRow.Key;
import io.tributary.sink.content.RowChange.Stored;
import io.tributary.sink.content.RowChange.Write.Claim;
import io.tributary.sink.content.RowChange.Write.Insert;
import io.tributary.sink.content.RowChange.Write.Mark;
import io.tributary.sink.content.RowChange.Write.Rewrite;
import io.tributary.sink.postgres.BinaryCopy;
import io.tributary.sink.postgres.Postgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * The rows of {@code user_integration_content} of one batch, found and written. Binary copy writes new rows directly
 * into the table: no other transaction writes rows of these user integrations, since this one holds their locks.
 * Updates of rows use the id, in one round trip for all.
 */
record ContentTable(Postgres postgres) {

    private static final String FIND = """
        select wanted.position, stored.id, stored.content_hash, stored.run_sequence,
               stored.deleted_at is not null
          from unnest(?, ?) with ordinality as wanted (user_integration_id, external_id, position)
          join user_integration_content stored using (user_integration_id, external_id)\
        """;

    private static final ContentColumn[] COLUMNS = ContentColumn.values();

    private static final String INSERT =
            """
            copy user_integration_content (user_integration_id, integration_domain, external_id, sync_type, run_id,
              run_sequence, deleted_at, content_hash, %s) from stdin (format binary)\
            """.formatted(Stream.of(COLUMNS).map(ContentColumn::column).collect(joining(", ")));

    private static final int INSERT_COLUMNS = 8 + COLUMNS.length;
    private static final byte[] NO_HASH = {};

    private static final String REWRITE =
            """
            update user_integration_content
               set %s, content_hash = ?, sync_type = ?, run_id = ?, run_sequence = ?, updated_at = now(),
                   deleted_at = case when ? then now() end
             where id = ?\
            """.formatted(Stream.of(COLUMNS).map(ContentColumn::assignment).collect(joining(", ")));

    private static final String MARK = """
        update user_integration_content
           set sync_type = ?, run_id = ?, run_sequence = ?, updated_at = now(), deleted_at = case when ? then now() end
         where id = ?\
        """;

    private static final String CLAIM = "update user_integration_content set run_sequence = ? where id = ?";

    /** The existing rows, by their keys, without their content. */
    Map<Key, Stored> find(Collection<Key> keys) {
        List<Key> wanted = List.copyOf(keys);
        Map<Key, Stored> found = HashMap.newHashMap(wanted.size());
        postgres.preferIndexes();
        postgres.sql(FIND)
                .param(Postgres.array("uuid", wanted, Key::userIntegrationId))
                .param(Postgres.array("text", wanted, Key::externalId))
                .query(row -> {
                    found.put(
                            wanted.get(row.getInt(1) - 1),
                            new Stored(row.getLong(2), row.getBytes(3), row.getLong(4), row.getBoolean(5)));
                });
        return found;
    }

    /** @param now deletion time of inserted deletions */
    void insert(List<Insert> inserts, Instant now) {
        if (!inserts.isEmpty()) {
            postgres.onConnection(connection -> copy(connection, inserts, now));
        }
    }

    void rewrite(List<Rewrite> rewrites) {
        postgres.batch(REWRITE, rewrites, (statement, rewrite) -> {
            int index = 1;
            for (ContentColumn column : COLUMNS) {
                column.set(statement, index++, rewrite.row().value(column));
            }
            statement.setBytes(index++, rewrite.row().hash());
            statement.setString(index++, rewrite.run().syncType());
            statement.setObject(index++, rewrite.run().id());
            statement.setLong(index++, rewrite.run().sequence());
            statement.setBoolean(index++, rewrite.deleted());
            statement.setLong(index, rewrite.id());
        });
    }

    void mark(List<Mark> marks) {
        postgres.batch(MARK, marks, (statement, mark) -> {
            statement.setString(1, mark.run().syncType());
            statement.setObject(2, mark.run().id());
            statement.setLong(3, mark.run().sequence());
            statement.setBoolean(4, mark.deleted());
            statement.setLong(5, mark.id());
        });
    }

    void claim(List<Claim> claims) {
        postgres.batch(CLAIM, claims, (statement, claim) -> {
            statement.setLong(1, claim.run().sequence());
            statement.setLong(2, claim.id());
        });
    }

    private static long copy(Connection connection, List<Insert> inserts, Instant now) throws SQLException {
        var api = connection.unwrap(PGConnection.class).getCopyAPI();
        try (var copy = new BinaryCopy(api.copyIn(INSERT))) {
            for (Insert insert : inserts) {
                ContentRow row = insert.row();
                copy.row(INSERT_COLUMNS)
                        .uuid(row.run().userIntegrationId())
                        .bytes(row.domain().getBytes(StandardCharsets.UTF_8))
                        .bytes(row.externalId().getBytes(StandardCharsets.UTF_8))
                        .bytes(insert.run().syncType().getBytes(StandardCharsets.UTF_8))
                        .uuid(insert.run().id())
                        .int8(insert.run().sequence())
                        .timestamp(insert.deleted() ? now : null)
                        .bytes(row.deletion() ? NO_HASH : row.hash());
                for (ContentColumn column : COLUMNS) {
                    column.copy(copy, row.value(column));
                }
            }
            return copy.finish();
        }
    }
}
