package io.tributary.scheduler.content;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Reads the content that the caller may see, page by page. */
@Component
class ReadContent {

    /** Content of a page at most, characters, beyond its first item: a page may be shorter than its limit. */
    static final int MAX_CHARACTERS = 8 * 1024 * 1024;

    /** Rows in memory at a time, of up to 1 MB each. */
    private static final int FETCH_SIZE = 10;

    /** Longest external id that can be asked for, characters. */
    private static final int MAX_EXTERNAL_ID = 4096;

    private static final Set<String> KINDS = Set.of("content", "activity", "deletion");

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    ReadContent(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** In the order in which the items came in first. */
    Page<Content> list(ContentQuery query, Caller caller) {
        Page.checkLimit(query.limit());
        check(query, caller);
        if (query.userIntegrationId() != null) {
            checkOwn(query.userIntegrationId(), caller);
        }
        // In a transaction, or the driver would fetch all rows at once.
        return Objects.requireNonNull(transaction.execute(_ -> read(query)));
    }

    private static void check(ContentQuery query, Caller caller) {
        var violations = new Violations();
        violations.check(
                query.userIntegrationId() != null || (caller.operator() && !query.isFiltered()),
                "userIntegrationId",
                "is missing");
        violations.check(
                query.kind() == null || KINDS.contains(query.kind()), "kind", "must be content, activity or deletion");
        checkTime(query.since(), "since", violations);
        checkTime(query.until(), "until", violations);
        violations.checkText(query.externalId(), MAX_EXTERNAL_ID, "externalId");
        violations.throwIfAny();
    }

    private static void checkTime(@Nullable Instant time, String path, Violations violations) {
        violations.check(
                time == null || (time.isAfter(EARLIEST) && time.isBefore(LATEST)), path, "must be of years 1 to 9999");
    }

    private void checkOwn(UUID userIntegrationId, Caller caller) {
        long found = jdbc.sql("select count(*) from user_integration where id = :id and %s"
                        .formatted(caller.ownRows("user_id")))
                .param("id", userIntegrationId)
                .param(Caller.PARAMETER, caller.userId())
                .query(Long.class)
                .single();
        if (found == 0) {
            throw ApiException.notFound();
        }
    }

    private Page<Content> read(ContentQuery query) {
        String ofIntegration = query.userIntegrationId() == null ? "true" : "user_integration_id = :userIntegrationId";
        String ofItem = query.externalId() == null ? "true" : "external_id = :externalId";
        String ofKind = query.kind() == null ? "true" : "kind = :kind";
        String since = query.since() == null ? "true" : "coalesce(external_timestamp, created_at) >= :since";
        String until = query.until() == null ? "true" : "coalesce(external_timestamp, created_at) < :until";
        String deleted = query.deleted() == null ? "true" : "(deleted_at is not null) = :deleted";
        return jdbc.sql("""
            select id, user_integration_id, external_id, external_timestamp, kind, name, content, content_ref,
                   content_metadata::text as content_metadata, run_id, created_at, updated_at, deleted_at
            from user_integration_content
            where id > :after and %s and %s and %s and %s and %s and %s
            order by id
            limit :limit
            """.formatted(ofIntegration, ofItem, ofKind, since, until, deleted))
                .withFetchSize(FETCH_SIZE)
                .param("after", Cursor.CONTENT.number(query.cursor(), 0))
                .param("userIntegrationId", query.userIntegrationId())
                .param("externalId", query.externalId())
                .param("kind", query.kind())
                .param("since", query.since() == null ? null : SqlTime.of(query.since()))
                .param("until", query.until() == null ? null : SqlTime.of(query.until()))
                .param("deleted", query.deleted())
                .param("limit", query.limit() + 1)
                .query((ResultSetExtractor<Page<Content>>) rows -> page(rows, query.limit()));
    }

    private static Page<Content> page(ResultSet rows, int limit) throws SQLException {
        var items = new ArrayList<Content>();
        long characters = 0;
        while (rows.next()) {
            var item = Content.read(rows);
            characters += item.size();
            if (items.size() == limit || (!items.isEmpty() && characters > MAX_CHARACTERS)) {
                return new Page<>(items, Cursor.CONTENT.after(items.getLast().id()));
            }
            items.add(item);
        }
        return new Page<>(items, null);
    }
}
