package io.tributary.sink.maintenance;

import io.tributary.sink.postgres.Postgres;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Finds the objects with references in Postgres: from rows of content, live or rebuilt, and from dead-lettered outputs.
 */
public record FindReferences(Postgres postgres) {

    /**
     * One statement, and so one snapshot: it sees a redriven output either as a dead letter or as a row. References are
     * compared by the key at their end.
     */
    private static final String LIVE = """
        select right(content_ref, 109) from user_integration_content
         where content_ref is not null and right(content_ref, 109) = any(?)
        union
        select right(record ->> 'content_ref', 109) from dead_letter
         where record ->> 'content_ref' is not null and redriven_at is null
           and right(record ->> 'content_ref', 109) = any(?)\
        """;

    private static final String REBUILT = """
        select right(content_ref, 109) from %s
         where content_ref is not null and right(content_ref, 109) = any(?)\
        """;

    /** The existing tables of replays into other schemas, quoted by Postgres, which cannot quote null. */
    private static final String REBUILT_TABLES = """
        select distinct format('%I.user_integration_content', target_schema) from replay
         where case when target_schema is not null
                    then to_regclass(format('%I.user_integration_content', target_schema)) end is not null\
        """;

    /** Those of the keys that have references. */
    Set<String> to(Set<String> keys) {
        if (keys.isEmpty()) {
            return Set.of();
        }
        return postgres.get(() -> {
            var wanted = new SqlArrayValue("text", keys.toArray());
            Set<String> found = new HashSet<>();
            for (String table : rebuiltTables(postgres)) {
                found.addAll(postgres.sql(REBUILT.formatted(table))
                        .param(wanted)
                        .query(String.class)
                        .list());
            }
            found.addAll(postgres.sql(LIVE)
                    .param(wanted)
                    .param(wanted)
                    .query(String.class)
                    .list());
            return found;
        });
    }

    static List<String> rebuiltTables(Postgres postgres) {
        return postgres.sql(REBUILT_TABLES).query(String.class).list();
    }
}
