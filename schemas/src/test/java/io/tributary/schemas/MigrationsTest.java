package io.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Migrations run while services of the version before read and write: see CONTRIBUTING. */
class MigrationsTest {

    private static final Path FOLDER = Path.of("src", "main", "resources", "db", "migration");

    /** Earlier migrations are from before the rule; they cannot change any more. */
    private static final int FIRST = 20;

    /** Tables of deployments with many accounts that have many rows. */
    private static final List<String> LARGE = List.of(
            "user_integration",
            "user_integration_content",
            "sync_schedule",
            "sync_run",
            "task_failure",
            "dead_letter",
            "event_outbox",
            "webhook_delivery",
            "one_off_task",
            "audit_log");

    private static final String TABLE = "(" + String.join("|", LARGE) + ")\\b";

    private static final Pattern INDEX =
            Pattern.compile("create (?:unique )?index (?!concurrently)(?:if not exists )?\\w+\\s+on " + TABLE);

    /** Earlier ones built large indexes in a way that blocks writers; operators could build them before. */
    private static final int FIRST_CONCURRENT = 26;

    private static final Pattern ADD_NOT_NULL = Pattern.compile(
            "alter table (?:if exists )?" + TABLE + "[^;]*?add column (?:if not exists )?([^,;]*\\bnot null\\b[^,;]*)");

    private static final Pattern SET_NOT_NULL =
            Pattern.compile("alter table (?:if exists )?" + TABLE + "[^;]*?alter column \\w+ set not null");

    @Test
    void noMigrationLocksALargeTableForLongOrBreaksTheVersionBefore() throws IOException {
        var refused = new ArrayList<String>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(MigrationsTest::underTheRule).sorted().toList()) {
                refused(Files.readString(file), version(file) >= FIRST_CONCURRENT)
                        .forEach(reason -> refused.add(file.getFileName() + ": " + reason));
            }
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void refusesAnIndexOfALargeTableThatBlocksWriters() {
        assertThat(refused("create index a on sync_run (x);")).hasSize(1);
        assertThat(refused("CREATE UNIQUE INDEX a\n  ON dead_letter (x);")).hasSize(1);
        assertThat(refused("create index if not exists a on sync_run (x);")).hasSize(1);
        assertThat(refused("create index concurrently if not exists a on sync_run (x);"))
                .isEmpty();
        assertThat(refused("create index a on sync_pause (x);")).isEmpty();
        assertThat(refused("create index a on sync_run_note (x);")).isEmpty();
    }

    @Test
    void refusesAColumnThatTheVersionBeforeDoesNotWrite() {
        assertThat(refused("alter table sync_run add column a text not null;")).hasSize(1);
        assertThat(refused("alter table sync_run add column a text, add column b text not null;"))
                .hasSize(1);
        assertThat(refused("alter table sync_run alter column a set not null;")).hasSize(1);
        assertThat(refused("alter table sync_run add column a text not null default '';"))
                .isEmpty();
        assertThat(refused("alter table sync_run add column a text; -- not null"))
                .isEmpty();
    }

    @Test
    void migratesOutsideOfATransactionWhereAnIndexIsBuiltConcurrently() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.filter(MigrationsTest::underTheRule).toList()) {
                if (Files.readString(file).contains("index concurrently ")) {
                    assertThat(file.resolveSibling(file.getFileName() + ".conf"))
                            .content()
                            .contains("executeInTransaction=false");
                }
            }
        }
    }

    private static List<String> refused(String migration) {
        return refused(migration, true);
    }

    private static List<String> refused(String migration, boolean concurrent) {
        String sql =
                migration.replaceAll("--[^\\n]*", " ").replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
        var refused = new ArrayList<String>();
        INDEX.matcher(sql)
                .results()
                .filter(index -> concurrent || !index.group().contains("if not exists"))
                .forEach(index -> refused.add("build the index of " + index.group(1) + " concurrently"));
        Matcher columns = ADD_NOT_NULL.matcher(sql);
        while (columns.find()) {
            if (!columns.group(2).contains("default")) {
                refused.add("give the column of " + columns.group(1) + " a default");
            }
        }
        SET_NOT_NULL
                .matcher(sql)
                .results()
                .forEach(column -> refused.add("validate a check constraint instead, or first: " + column.group(1)));
        return refused;
    }

    private static boolean underTheRule(Path file) {
        return version(file) >= FIRST;
    }

    /** The number before the dot; -1: the file is no migration. */
    private static int version(Path file) {
        Matcher name = Pattern.compile("V(\\d+)[_.].*\\.sql")
                .matcher(file.getFileName().toString());
        return name.matches() ? Integer.parseInt(name.group(1)) : -1;
    }
}
