package io.tributary.scheduler.content;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** Reads the content that the caller may see, page by page. */
@Component
record ReadContent(JdbcClient jdbc, Accounts accounts, TransactionOperations transaction) {

    /** Most content of a page, characters, beyond its first item: a page may have fewer items than its limit. */
    static final int MAX_CHARACTERS = 8 * 1024 * 1024;

    /** Rows in memory at a time, of up to 1 MB each. */
    private static final int FETCH_SIZE = 10;

    /** Most rows that one page looks at; a page of rare items may be empty, and names the next one. */
    static final int MAX_LOOKED_AT = 10_000;

    /** Longest external id of a request, characters. */
    private static final int MAX_EXTERNAL_ID = 4096;

    /** Content of a deleted account is erased in steps. */
    private static final String NOT_ERASED =
            "not exists (select from erasure e where e.user_integration_id = c.user_integration_id)";

    private static final Set<String> KINDS =
            Set.of("content", "activity", "deletion", "post", "comment", "message", "person");

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    /** In the order of the items' first arrival. */
    Page<Content> list(ContentQuery query, PageRequest page, Caller caller) {
        page.check();
        check(query, caller);
        if (query.userIntegrationId() != null) {
            accounts.require(query.userIntegrationId(), caller);
        }
        // In a transaction, or the driver would fetch all rows at once.
        return Objects.requireNonNull(transaction.execute(_ -> read(query, page)));
    }

    private static void check(ContentQuery query, Caller caller) {
        var violations = new Violations();
        violations.check(
                query.userIntegrationId() != null || (caller.operator() && !query.isFiltered()),
                "userIntegrationId",
                "is missing");
        violations.check(
                query.kind() == null || KINDS.contains(query.kind()),
                "kind",
                "must be content, activity, post, comment, message, person or deletion");
        checkTime(query.since(), "since", violations);
        checkTime(query.until(), "until", violations);
        violations.checkText(query.externalId(), MAX_EXTERNAL_ID, "externalId");
        violations.throwIfAny();
    }

    private static void checkTime(@Nullable Instant time, String path, Violations violations) {
        violations.check(
                time == null || (time.isAfter(EARLIEST) && time.isBefore(LATEST)), path, "must be of years 1 to 9999");
    }

    private Page<Content> read(ContentQuery query, PageRequest page) {
        long last = query.isFiltered() ? lastLookedAt(query, page) : Long.MAX_VALUE;
        String ofKind = query.kind() == null ? "true" : "kind = :kind";
        String since = query.since() == null ? "true" : "coalesce(external_timestamp, created_at) >= :since";
        String until = query.until() == null ? "true" : "coalesce(external_timestamp, created_at) < :until";
        String deleted = query.deleted() == null ? "true" : "(deleted_at is not null) = :deleted";
        Page<Content> found = bind(
                        """
                        select %s
                        from user_integration_content c
                        where id > :after and id <= :last and %s and %s and %s and %s and %s
                        order by id
                        limit :limit
                        """.formatted(Content.COLUMNS, which(query), ofKind, since, until, deleted), query, page)
                .withFetchSize(FETCH_SIZE)
                .param("last", last)
                .param("kind", query.kind())
                .param("since", query.since() == null ? null : SqlTime.of(query.since()))
                .param("until", query.until() == null ? null : SqlTime.of(query.until()))
                .param("deleted", query.deleted())
                .param("limit", page.rows())
                .query((ResultSetExtractor<Page<Content>>) rows -> page(rows, page.limit()));
        return found.nextCursor() == null && last < Long.MAX_VALUE
                ? new Page<>(found.items(), Cursor.CONTENT.after(last))
                : found;
    }

    /** The id of the last row that a page looks at, found by an index; the largest number: it looks at all. */
    private long lastLookedAt(ContentQuery query, PageRequest page) {
        return bind("""
            select id from user_integration_content c where id > :after and %s order by id offset :most limit 1
            """.formatted(which(query)), query, page)
                .param("most", MAX_LOOKED_AT - 1)
                .query(Long.class)
                .optional()
                .orElse(Long.MAX_VALUE);
    }

    private static String which(ContentQuery query) {
        String ofIntegration =
                query.userIntegrationId() == null ? NOT_ERASED : "user_integration_id = :userIntegrationId";
        String ofItem = query.externalId() == null ? "true" : "external_id = :externalId";
        return ofIntegration + " and " + ofItem;
    }

    private StatementSpec bind(String sql, ContentQuery query, PageRequest page) {
        return jdbc.sql(sql)
                .param("after", page.afterNumber(Cursor.CONTENT, 0))
                .param("userIntegrationId", query.userIntegrationId())
                .param("externalId", query.externalId());
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
