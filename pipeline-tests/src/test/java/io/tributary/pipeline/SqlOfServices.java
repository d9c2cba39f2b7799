package io.tributary.pipeline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The statements in the sources of the services, as far as they tell which rights on the database each service needs.
 * Literals of SQL are searched for tables; a class that fills tables into its statements is named here.
 */
final class SqlOfServices {

    private static final Map<String, String> MODULES = Map.of(
            "scheduler", "scheduler-service",
            "worker", "task-worker-service",
            "sink", "output-sink-service");

    /** Kinds of statements into which these classes fill each table that they name as a literal of its own. */
    private static final Map<String, List<String>> FILLED_IN = Map.of(
            "PurgeOldRows", List.of("DELETE", "SELECT", "UPDATE"),
            "MaintenanceConfiguration", List.of("DELETE", "SELECT", "UPDATE"),
            "EraseAccounts", List.of("DELETE", "SELECT"),
            "EraseEvents", List.of("DELETE", "SELECT"));

    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)^\\s*//[^\\n]*$");
    private static final Pattern CONCATENATION = Pattern.compile("(?<!\")\"\\s*\\+\\s*\"(?!\")");
    private static final Pattern LITERAL =
            Pattern.compile("(?s)\"\"\"((?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+)\"\"\"|\"((?:[^\"\\\\\\n]++|\\\\.)*+)\"");

    private final Map<DatabaseRight, Set<String>> needed = new HashMap<>();

    /**
     * Reads the sources of all services.
     *
     * @param tables tables and views of the migrations
     * @param functions functions that services may be allowed to call
     */
    SqlOfServices(Path home, Collection<String> tables, Collection<String> functions) throws IOException {
        for (var module : MODULES.entrySet()) {
            try (Stream<Path> files = Files.walk(home.resolve(module.getValue()).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    read(module.getKey(), file, tables, functions);
                }
            }
        }
    }

    /** The rights, and the classes that need each of them. */
    Map<DatabaseRight, Set<String>> needed() {
        return needed;
    }

    /** The classes whose statements of that kind on the table name the column. */
    Set<String> naming(DatabaseRight ofColumn, Path home) throws IOException {
        var found = new TreeSet<String>();
        for (String user : needed.getOrDefault(ofColumn.ofTable(), Set.of())) {
            try (Stream<Path> files =
                    Files.walk(home.resolve(MODULES.get(ofColumn.service())).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(each -> each.endsWith(user + ".java")).toList()) {
                    String text = String.join("\n", literals(Files.readString(file)));
                    if (text.matches("(?s).*\\b" + ofColumn.column() + "\\b.*")) {
                        found.add(user);
                    }
                }
            }
        }
        return found;
    }

    private void read(String service, Path file, Collection<String> tables, Collection<String> functions)
            throws IOException {
        String name = file.getFileName().toString().replace(".java", "");
        for (String sql : literals(Files.readString(file))) {
            for (String table : tables) {
                if (!sql.contains(table)) {
                    continue;
                }
                if (sql.equals(table)) {
                    FILLED_IN.getOrDefault(name, List.of()).forEach(kind -> need(service, kind, table, name));
                }
                kinds(sql, table).forEach(kind -> need(service, kind, table, name));
            }
            for (String function : functions) {
                if (sql.matches("(?s).*\\b" + function + "\\b *\\(.*")) {
                    need(service, "EXECUTE", function, name);
                }
            }
        }
    }

    private void need(String service, String kind, String object, String name) {
        needed.computeIfAbsent(new DatabaseRight(service, kind, object, ""), _ -> new TreeSet<>())
                .add(name);
    }

    /** What a statement does with a table. */
    private static Set<String> kinds(String sql, String table) {
        var kinds = new TreeSet<String>();
        String word = table + "\\b";
        String locks = ".*?\\bfor ((no key )?update|(key )?share)\\b";
        if (has(sql, "(insert into|copy) " + word)) {
            kinds.add("INSERT");
        }
        if (has(sql, "(?<!key |for |do )update " + word)
                || has(sql, "insert into " + word + ".*?\\bdo update\\b")
                || has(sql, "(from|join) " + word + "(?!.*\\bunion\\b)" + locks)) {
            kinds.add("UPDATE");
        }
        if (has(sql, "delete from " + word)) {
            kinds.add("DELETE");
        }
        if (has(sql, "(?<!delete )(from|join|using)\\s+" + word)
                || has(sql, "(update|delete from) " + word + ".*?\\b(where|returning)\\b")
                || has(sql, "insert into " + word + ".*?\\b(do update|returning)\\b")) {
            kinds.add("SELECT");
        }
        return kinds;
    }

    private static boolean has(String sql, String pattern) {
        return Pattern.compile("\\b" + pattern, Pattern.DOTALL).matcher(sql).find();
    }

    private static List<String> literals(String source) {
        String text =
                CONCATENATION.matcher(COMMENT.matcher(source).replaceAll("")).replaceAll("");
        return LITERAL.matcher(text)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .toList();
    }
}
