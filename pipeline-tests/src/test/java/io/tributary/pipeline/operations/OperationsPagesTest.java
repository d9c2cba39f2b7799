package io.tributary.pipeline.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.operations.Pages.Named;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What docs/operations names exists: rename it there as well. */
class OperationsPagesTest {

    private static final Path HOME = Path.of(Objects.requireNonNull(System.getProperty("tributary.home")));

    private static final Pattern ENDPOINT = Pattern.compile("\\b((?:GET|POST|PATCH|PUT|DELETE) /[^\\s`?,;)]+)");
    private static final Pattern DOCUMENTED = Pattern.compile("\"((?:get|post|patch|put|delete) /[^\"]+)\"");
    private static final Pattern SETTING = Pattern.compile("\\b((?:TRIBUTARY|POLLING)_[A-Z0-9_<>]*[A-Z0-9>*])");
    private static final Pattern TABLE_IN_SQL =
            Pattern.compile("(?i)\\b(?:from|into|update|truncate|alter table) (?!set\\b)(\\w+)(?= |\\n|;|'|\\))");
    private static final Pattern SQL = Pattern.compile("(?s)```sql\\n(.*?)```");
    private static final Pattern METRIC = Pattern.compile("`(tributary\\.[a-z.]+)`");
    private static final Pattern COMMAND = Pattern.compile("\\./tributary ([a-z-]+)");
    private static final Pattern CALL = Pattern.compile("\\./tributary ([^`\\n]+)");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
    private static final Pattern CODE = Pattern.compile("`([a-z][A-Za-z]*\\.[a-z][A-Za-z]+)`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

    /** Tables of Postgres itself. */
    private static final Set<String> SYSTEM_TABLES = Set.of("pg_index", "pg_class", "pg_stat_activity");

    private final Pages pages;
    private final Sources sources;

    OperationsPagesTest() throws IOException {
        pages = Pages.read(HOME);
        sources = new Sources(HOME);
    }

    @Test
    void namesEndpointsOfTheDescriptionOfTheApi() throws IOException {
        // OpenApiIT compares its list with the description that the scheduler serves.
        String test = Files.readString(
                HOME.resolve("scheduler-service/src/test/java/io/tributary/scheduler/http/OpenApiIT.java"));
        Set<String> known =
                DOCUMENTED.matcher(test).results().map(match -> match.group(1)).collect(Collectors.toSet());

        checkAll(ENDPOINT, 20, endpoint -> known.stream().anyMatch(each -> matches(each, endpoint)));
    }

    /** A page may name a value in place of a parameter. */
    private static boolean matches(String documented, String endpoint) {
        String template = Pattern.quote(documented.substring(documented.indexOf(' ') + 1))
                .replaceAll("\\{[^}]+}", "\\\\E[^/:]+\\\\Q");
        String method = endpoint.substring(0, endpoint.indexOf(' ')).toLowerCase(Locale.ROOT);
        String path = endpoint.substring(endpoint.indexOf(' ') + 1).replaceAll("\\.$", "");
        return documented.startsWith(method + " ") && path.matches(template);
    }

    @Test
    void namesSettingsOfTheServices() throws IOException {
        String configuration = Files.readString(HOME.resolve("docs/configuration.md"));

        checkAll(SETTING, 15, setting -> {
            String beginning = setting.replaceAll("(?<=>).*|\\*$", "");
            return configuration.contains(beginning)
                    && (!beginning.equals(setting) || setting.startsWith("POLLING_") || sources.bind(setting));
        });
    }

    @Test
    void namesTablesOfTheMigrations() {
        Set<String> tables = sources.tables();
        String sql = pages.all(SQL).stream().map(Named::name).collect(Collectors.joining("\n"));
        List<String> named =
                TABLE_IN_SQL.matcher(sql).results().map(match -> match.group(1)).toList();

        assertThat(named)
                .hasSizeGreaterThan(5)
                .allMatch(table -> tables.contains(table) || SYSTEM_TABLES.contains(table));
    }

    @Test
    void namesMetricsThatAreRegistered() {
        checkAll(METRIC, 1, sources::contain);
    }

    @Test
    void namesCommandsAndOptionsOfTributary() throws IOException {
        String images = Files.readString(HOME.resolve("deploy/images/build"));

        checkAll(COMMAND, 3, sources::contain);
        checkAll(
                CALL,
                3,
                call -> OPTION.matcher(call)
                        .results()
                        .allMatch(option -> sources.contain(option.group())
                                || call.startsWith("images ") && images.contains(option.group())));
    }

    @Test
    void namesCodesOfTheCatalogue() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                getClass().getResourceAsStream("/io/tributary/schemas/codes.yaml"), "codes.yaml")) {
            Map<String, Object> codes = new Yaml().load(file);
            Set<String> sections = codes.keySet().stream()
                    .map(code -> code.substring(0, code.indexOf('.')))
                    .collect(Collectors.toSet());
            // The names of events and topics have the form of codes.
            Predicate<String> isOther = name -> !sections.contains(name.substring(0, name.indexOf('.')))
                    || name.startsWith("sync.")
                    || sources.contain(name) && name.startsWith("integration.");

            checkAll(CODE, 30, code -> isOther.test(code) || codes.containsKey(code));
        }
    }

    @Test
    void linksToPagesThatExist() {
        List<Named> links = pages.all(LINK).stream()
                .filter(link -> !link.name().startsWith("http"))
                .toList();

        assertThat(links)
                .hasSizeGreaterThan(20)
                .allMatch(link -> Files.exists(
                        Objects.requireNonNull(link.page().getParent()).resolve(link.name())));
    }

    private void checkAll(Pattern pattern, int atLeast, Predicate<String> exists) {
        assertThat(pages.all(pattern))
                .hasSizeGreaterThanOrEqualTo(atLeast)
                .allMatch(named -> exists.test(named.name()));
    }
}
