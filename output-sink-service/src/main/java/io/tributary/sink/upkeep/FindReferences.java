package io.tributary.sink.upkeep;

import io.tributary.sink.postgres.InTransaction;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/** Which objects something in Postgres refers to: rows of content, live or rebuilt, and outputs that were set aside. */
public final class FindReferences {

    /**
     * One statement, and so one moment: an output that is driven again is either still set aside in it, or a row already.
     * References are compared by the key that they end with.
     */
    private static final String LIVE = """
            select right(content_ref, 109) from user_integration_content
             where content_ref is not null and right(content_ref, 109) = any(?)
            union
            select right(record ->> 'content_ref', 109) from dead_letter
             where record ->> 'content_ref' is not null and redriven_at is null
               and right(record ->> 'content_ref', 109) = any(?)""";

    private static final String REBUILT = """
            select right(content_ref, 109) from %s
             where content_ref is not null and right(content_ref, 109) = any(?)""";

    /** Of replays into other schemas, those whose table is there. Quoted by Postgres. */
    private static final String REBUILT_TABLES = """
            select distinct format('%I.user_integration_content', target_schema) from replay
             where to_regclass(format('%I.user_integration_content', target_schema)) is not null""";

    private final InTransaction transaction;
    private final JdbcClient jdbc;

    public FindReferences(InTransaction transaction, JdbcClient jdbc) {
        this.transaction = transaction;
        this.jdbc = jdbc;
    }

    /** Those of the keys that are referred to. */
    Set<String> to(Set<String> keys) {
        if (keys.isEmpty()) {
            return Set.of();
        }
        return transaction.get(() -> {
            var wanted = new SqlArrayValue("text", keys.toArray());
            List<String> tables = jdbc.sql(REBUILT_TABLES).query(String.class).list();
            Set<String> found = new HashSet<>();
            for (String table : tables) {
                found.addAll(jdbc.sql(REBUILT.formatted(table))
                        .param(wanted)
                        .query(String.class)
                        .list());
            }
            found.addAll(jdbc.sql(LIVE)
                    .param(wanted)
                    .param(wanted)
                    .query(String.class)
                    .list());
            return found;
        });
    }
}
