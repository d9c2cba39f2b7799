package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Each service has the rights on the database that its statements need. Without one of them, a statement of the kind
 * that needs it is refused.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresRightsIT {

    private static final Path HOME = Path.of(System.getProperty("tributary.home"));

    /** Rights that older versions needed, until a migration revokes them. */
    private static final Path UNUSED = HOME.resolve("pipeline-tests/src/test/resources/unused-rights.txt");

    private static final String REFUSED = "42501";

    private ServiceDatabase database;
    private JdbcClient owner;
    private final Map<String, Connection> connections = new HashMap<>();
    private final Map<DatabaseRight, Set<String>> needed = new HashMap<>();

    @SuppressWarnings("NullAway.Init") // start() sets them
    PostgresRightsIT() {}

    @BeforeAll
    void start() throws SQLException, IOException {
        database = ServiceDatabase.create("rights");
        owner = database.asOwner();
        var ofColumns = new HashSet<DatabaseRight>();
        owner.sql("revoke usage on schema public from public").update();
        for (String service : List.of("scheduler", "worker", "sink")) {
            connections.put(service, database.connect(service));
        }
        List<String> tables = names("select table_name from information_schema.tables where table_schema = 'public'");
        List<String> functions = names("select proname from pg_proc where pronamespace = 'public'::regnamespace");
        var sources = new SqlOfServices(HOME, tables, functions);
        needed.putAll(sources.needed());
        for (DatabaseRight right : granted()) {
            if (right.kind().equals("USAGE")) {
                needed.put(right, Set.of("each statement"));
            } else if (right.kind().equals("EXECUTE")) {
                // Statements name a function without the types of its arguments.
                String name = right.object().substring(0, right.object().indexOf('('));
                Set<String> callers = needed.remove(new DatabaseRight(right.service(), "EXECUTE", name, ""));
                needed.put(right, callers == null ? Set.of() : callers);
            } else if (!right.column().isEmpty()) {
                needed.put(right, sources.naming(right, HOME));
                ofColumns.add(right.ofTable());
            }
        }
        needed.keySet().removeAll(ofColumns);
        needed.values().removeIf(Set::isEmpty);
    }

    @AfterAll
    void stop() throws SQLException {
        for (Connection connection : connections.values()) {
            connection.close();
        }
    }

    @Test
    void grantsWhatTheServicesNeedAndNothingElse() throws IOException {
        Set<String> granted = new TreeSet<>();
        granted().forEach(right -> granted.add(right.toString()));
        Set<String> used = new TreeSet<>();
        needed.keySet().forEach(right -> used.add(right.toString()));

        var missing = new TreeSet<>(used);
        missing.removeAll(granted);
        assertThat(missing)
                .as("rights that a statement needs and no migration grants")
                .isEmpty();
        var unused = new TreeSet<>(granted);
        unused.removeAll(used);
        assertThat(unused)
                .as("rights that no statement needs: revoke them, or take those that are revoked off the list")
                .containsExactlyElementsOf(new TreeSet<>(Files.readAllLines(UNUSED)));
    }

    @ParameterizedTest(name = "{0}, which {1} needs")
    @MethodSource("rights")
    void refusesAStatementWithoutTheRight(DatabaseRight right, Set<String> neededBy) throws SQLException {
        assertThat(neededBy).isNotEmpty();
        assertThat(stateOf(right)).isNotEqualTo(REFUSED);

        owner.sql("revoke " + right.sql() + " from tributary_" + right.service())
                .update();
        try {
            assertThat(stateOf(right)).isEqualTo(REFUSED);
        } finally {
            owner.sql("grant " + right.sql() + " to tributary_" + right.service())
                    .update();
        }
        assertThat(stateOf(right)).isNotEqualTo(REFUSED);
    }

    Stream<Arguments> rights() {
        return needed.entrySet().stream()
                .sorted(Comparator.comparing(right -> right.getKey().toString()))
                .map(right -> Arguments.of(right.getKey(), right.getValue()));
    }

    /** How the server answers to a statement that needs the right; empty: it is allowed. */
    private String stateOf(DatabaseRight right) throws SQLException {
        Connection connection = Objects.requireNonNull(connections.get(right.service()));
        try (var statement = connection.createStatement()) {
            statement.execute(statement(right));
            return "";
        } catch (SQLException e) {
            return String.valueOf(e.getSQLState());
        } finally {
            connection.rollback();
        }
    }

    /** Rights are checked before {@code explain} answers, and it changes nothing. */
    private String statement(DatabaseRight right) {
        String table = right.object();
        return switch (right.kind()) {
            case "SELECT" -> "explain select " + (right.column().isEmpty() ? "*" : right.column()) + " from " + table;
            case "INSERT" ->
                "explain insert into " + table
                        + (right.column().isEmpty() ? " default values" : " (" + right.column() + ") values (default)");
            case "UPDATE" ->
                "explain update " + table + " set " + (right.column().isEmpty() ? firstColumn(table) : right.column())
                        + " = default";
            case "DELETE" -> "explain delete from " + table;
            case "EXECUTE" -> "select " + table.replaceAll("\\b(\\w[^,()]*)(?=[,)])", "null::$1");
            case "USAGE" ->
                "explain select * from " + table + "."
                        + (right.service().equals("worker") ? "worker_pause" : "sync_run");
            default -> throw new IllegalArgumentException(right.kind());
        };
    }

    private String firstColumn(String table) {
        return owner.sql("""
                select attname from pg_attribute where attrelid = ?::regclass and attnum > 0 and not attisdropped
                 order by attnum limit 1""").param(table).query(String.class).single();
    }

    /** What the migrations grant. */
    private Set<DatabaseRight> granted() {
        return new HashSet<>(owner.sql("""
                with rights as (
                  select acl.*, relname::text as object, '' as column from pg_class c, aclexplode(relacl) acl
                   where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'p')
                  union all
                  select acl.*, relname, attname from pg_class c
                    join pg_attribute a on attrelid = c.oid, aclexplode(attacl) acl
                   where relnamespace = 'public'::regnamespace
                  union all
                  select acl.*, p.oid::regprocedure::text, '' from pg_proc p, aclexplode(proacl) acl
                   where pronamespace = 'public'::regnamespace
                  union all
                  select acl.*, nspname, '' from pg_namespace n, aclexplode(nspacl) acl
                   where n.oid = 'public'::regnamespace)
                select substring(rolname from 'tributary_(.*)') as service, privilege_type as kind, object, "column"
                  from rights join pg_roles on pg_roles.oid = grantee
                 where rolname in ('tributary_scheduler', 'tributary_worker', 'tributary_sink')""").query(DatabaseRight.class).list());
    }

    private List<String> names(String query) {
        return owner.sql(query).query(String.class).list();
    }
}
