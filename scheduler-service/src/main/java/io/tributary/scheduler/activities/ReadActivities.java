package io.tributary.scheduler.activities;

import io.tributary.scheduler.SqlTime;
import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Reads the activities that the caller may see, page by page, the newest first. Each account has an index of its own
 * activities by time, so a page costs as many looks as the caller has accounts, and these are bounded.
 */
@Component
record ReadActivities(JdbcClient jdbc, Accounts accounts, TransactionOperations transaction) {

    /** Accounts of a request that names none. */
    static final int MAX_ACCOUNTS = 1_000;

    /** Most text of a page, characters, beyond its first item: a page may have fewer items than its limit. */
    static final int MAX_CHARACTERS = 8 * 1024 * 1024;

    private static final int FETCH_SIZE = 100;

    private static final Set<String> KINDS = Set.of("post", "comment", "message", "person", "activity");

    private static final String COUNT = """
        select count(*) from (select 1 from user_integration u where %%s limit %d) as accounts
        """.formatted(MAX_ACCOUNTS + 1);

    /** The conditions on kinds and deletions are those of the index. */
    private static final String LIST = """
        select a.* from (select u.id from user_integration u where %%2$s and %%1$s) u
        cross join lateral (
          select %s from user_integration_content c
          where c.user_integration_id = u.id and c.deleted_at is null
            and c.kind in ('activity', 'post', 'comment', 'message', 'person') and %%3$s
            and %s >= :since and %2$s < :until and (%2$s, c.id) < (:time, :id)
          order by %2$s desc, c.id desc limit :limit) a
        order by a.time desc, a.id desc limit :limit
        """.formatted(Activity.COLUMNS, Activity.TIME);

    Page<Activity> list(ActivityQuery query, PageRequest page, Caller caller) {
        page.check();
        var after = page.after(Cursor.ACTIVITIES, Position.FIRST, Position::parse);
        check(query, caller);
        if (query.userIntegrationId() != null) {
            accounts.require(query.userIntegrationId(), caller);
        }
        // In a transaction, or the driver would fetch all rows at once.
        return Objects.requireNonNull(transaction.execute(_ -> read(query, after, page, caller)));
    }

    private void check(ActivityQuery query, Caller caller) {
        var violations = new Violations();
        violations.check(
                query.kind() == null || KINDS.contains(query.kind()),
                "kind",
                "must be post, comment, message, person or activity");
        Times.check(query.since(), "since", violations);
        Times.check(query.until(), "until", violations);
        if (query.userIntegrationId() == null) {
            int found = caller.statement(jdbc, COUNT, "u.user_id")
                    .query(Integer.class)
                    .single();
            violations.check(
                    found <= MAX_ACCOUNTS,
                    "userIntegrationId",
                    "is missing: you may see more than " + MAX_ACCOUNTS + " accounts");
        }
        violations.throwIfAny();
    }

    private Page<Activity> read(ActivityQuery query, Position after, PageRequest page, Caller caller) {
        String sql = LIST.formatted(
                query.userIntegrationId() == null ? "true" : "u.id = :account",
                caller.condition("u.user_id"),
                query.kind() == null ? "true" : "c.kind = :kind");
        return jdbc.sql(sql)
                .params(caller.parameters())
                .withFetchSize(FETCH_SIZE)
                .param("account", query.userIntegrationId())
                .param("kind", query.kind())
                .param("since", SqlTime.of(Objects.requireNonNullElse(query.since(), Times.EARLIEST)))
                .param("until", SqlTime.of(Objects.requireNonNullElse(query.until(), Times.LATEST)))
                .param("time", SqlTime.of(after.time()))
                .param("id", after.id())
                .param("limit", page.rows())
                .query((ResultSetExtractor<Page<Activity>>) rows -> page(rows, page.limit()));
    }

    private static Page<Activity> page(ResultSet rows, int limit) throws SQLException {
        var items = new ArrayList<Activity>();
        long characters = 0;
        while (rows.next()) {
            var item = Activity.read(rows);
            characters += item.said().size();
            if (items.size() == limit || (!items.isEmpty() && characters > MAX_CHARACTERS)) {
                return new Page<>(items, Cursor.ACTIVITIES.after(Position.of(items.getLast())));
            }
            items.add(item);
        }
        return new Page<>(items, null);
    }
}
