package io.tributary.sink.output;

import io.tributary.sink.output.RowWrite.Claim;
import io.tributary.sink.output.RowWrite.Insert;
import io.tributary.sink.output.RowWrite.Mark;
import io.tributary.sink.output.RowWrite.Rewrite;
import io.tributary.sink.postgres.BinaryCopy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Carries out writes of one batch. New rows go in by binary copy, straight into the table: nobody else writes rows of
 * these user integrations, since {@link LockRuns} holds them. Changes of rows go by id, in one round trip for all.
 */
final class WriteRows {

    private static final String INSERT = """
            copy user_integration_content (user_integration_id, integration_domain, external_id, external_timestamp,
              kind, name, content, content_ref, content_metadata, content_hash, run_id, run_sequence, deleted_at)
            from stdin (format binary)""";

    private static final int INSERT_COLUMNS = 13;
    private static final byte[] NO_HASH = {};

    private static final String REWRITE = """
            update user_integration_content
               set external_timestamp = ?, kind = ?, name = ?, content = ?, content_ref = ?, content_metadata = ?::jsonb,
                   content_hash = ?, run_id = ?, run_sequence = ?, updated_at = now(),
                   deleted_at = case when ? then now() end
             where id = ?""";

    private static final String MARK = """
            update user_integration_content
               set run_id = ?, run_sequence = ?, updated_at = now(), deleted_at = case when ? then now() end
             where id = ?""";

    private static final String CLAIM = "update user_integration_content set run_sequence = ? where id = ?";

    private final JdbcTemplate jdbc;

    WriteRows(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @param now what inserted deletions are marked with */
    void insert(List<Insert> inserts, Instant now) {
        if (!inserts.isEmpty()) {
            jdbc.execute((Connection connection) -> copy(connection, inserts, now));
        }
    }

    void rewrite(List<Rewrite> rewrites) {
        jdbc.batchUpdate(REWRITE, rewrites, Math.max(1, rewrites.size()), (statement, rewrite) -> {
            ContentRow row = rewrite.row();
            statement.setObject(1, utc(row.externalTimestamp()));
            statement.setString(2, row.kind());
            statement.setString(3, text(row.name()));
            statement.setString(4, text(row.content()));
            statement.setString(5, text(row.contentRef()));
            statement.setString(6, text(row.metadata()));
            statement.setBytes(7, row.hash());
            statement.setObject(8, rewrite.run().id());
            statement.setLong(9, rewrite.run().sequence());
            statement.setBoolean(10, rewrite.deleted());
            statement.setLong(11, rewrite.id());
        });
    }

    void mark(List<Mark> marks) {
        jdbc.batchUpdate(MARK, marks, Math.max(1, marks.size()), (statement, mark) -> {
            statement.setObject(1, mark.run().id());
            statement.setLong(2, mark.run().sequence());
            statement.setBoolean(3, mark.deleted());
            statement.setLong(4, mark.id());
        });
    }

    void claim(List<Claim> claims) {
        jdbc.batchUpdate(CLAIM, claims, Math.max(1, claims.size()), (statement, claim) -> {
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
                        .uuid(row.key().userIntegrationId())
                        .bytes(utf8(row.domain()))
                        .bytes(utf8(row.externalId()))
                        .timestamp(row.externalTimestamp())
                        .bytes(utf8(row.kind()))
                        .bytes(row.name())
                        .bytes(row.content())
                        .bytes(row.contentRef())
                        .jsonb(row.metadata())
                        .bytes(row.isDeletion() ? NO_HASH : row.hash())
                        .uuid(insert.run().id())
                        .int8(insert.run().sequence())
                        .timestamp(insert.deleted() ? now : null);
            }
            return copy.finish();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(byte @Nullable [] utf8) {
        return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
