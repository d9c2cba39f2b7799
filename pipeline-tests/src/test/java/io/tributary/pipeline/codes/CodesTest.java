package io.tributary.pipeline.codes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.codes.CodeCatalogue.Entry;
import io.tributary.pipeline.codes.CodeCatalogue.LogLine;
import io.tributary.pipeline.codes.SourceCodes.Logged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue has every code of the sources, with the level and keys that it is logged with, and no other. */
class CodesTest {

    private static final Path HOME = Path.of(Objects.requireNonNull(System.getProperty("tributary.home")));

    private static final String DOMAIN = "<domain>.";

    private static final String QUOTA = "quota.";

    /** Names of events, of timers and of a prefix, which look like codes. */
    private static final Set<String> NO_CODES = Set.of(
            "http.route",
            "integration.connected",
            "integration.expired",
            "integration.failed",
            "integration.flagCleared",
            "integration.flagged",
            "integration.paused",
            "integration.resumed",
            "notifications.queueing",
            "notifications.settling",
            "polling.cycle",
            "polling.database",
            "polling.sweep",
            "watchdog.look");

    private final CodeCatalogue catalogue;
    private final SourceCodes sources;

    CodesTest() throws IOException {
        catalogue = CodeCatalogue.read();
        sources = new SourceCodes(HOME);
    }

    @Test
    void beginsEveryLogLineWithACode() {
        assertThat(sources.logged())
                .hasSizeGreaterThan(100)
                .allSatisfy(line -> assertThat(line.code())
                        .as(
                                "code of a log line in %s; begin its text with 'part.name: ' and add it to codes.yaml",
                                line.file())
                        .isNotEmpty());
    }

    @Test
    void namesLevelAndKeysOfEveryLogLine() {
        Map<String, LogLine> logged = sources.logged().stream()
                .collect(Collectors.toMap(
                        Logged::code, line -> new LogLine(line.level(), line.keys()), CodesTest::both, TreeMap::new));
        Map<String, LogLine> known = catalogue.logged().stream()
                .filter(entry -> !line(entry).level().equals(CodeCatalogue.ANY))
                .collect(Collectors.toMap(Entry::code, CodesTest::line, (a, _) -> a, TreeMap::new));
        assertThat(known)
                .as("log lines of codes.yaml, and those of the sources")
                .isEqualTo(logged);
    }

    @Test
    void namesEveryErrorOfTheSources() {
        Set<String> sections = catalogue.sections();
        assertThat(sources.literals())
                .filteredOn(code -> sections.contains(code.substring(0, code.indexOf('.'))))
                .filteredOn(code -> !NO_CODES.contains(code))
                .as("codes that are no error of codes.yaml: add them there")
                .allMatch(code -> catalogue.entries().containsKey(code)
                        && catalogue.entries().get(code).error());
        assertThat(sources.ofDomains())
                .as("codes of any domain that are missing in codes.yaml")
                .allMatch(name -> catalogue.entries().containsKey(DOMAIN + name));
    }

    @Test
    void hasNoCodeThatIsUsedNowhere() {
        assertThat(catalogue.errors()).as("errors of codes.yaml").allMatch(entry -> isUsed(entry.code()));
        assertThat(catalogue.entries().values())
                .as("entries of codes.yaml without a use")
                .allMatch(entry -> entry.error() || entry.log().isPresent());
    }

    private boolean isUsed(String code) {
        String name = code.substring(code.indexOf('.') + 1);
        if (code.startsWith(DOMAIN)) {
            return sources.contain("\"." + name + "\"") || sources.contain("\"" + name + "\"");
        }
        return sources.contain("\"" + (code.startsWith(QUOTA) ? name : code) + "\"");
    }

    @Test
    void saysWhatToDoInSentences() {
        assertThat(catalogue.entries().values())
                .allSatisfy(entry -> assertThat(List.of(entry.meaning(), entry.remedy()))
                        .as(entry.code())
                        .allMatch(text -> text.matches("(?s)[A-Z].*\\.")
                                || text.matches(
                                        "POST .*\\.|(taskTimeout|scheduleCron|trustedCertificate|knownHosts).*\\.")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"docs/logs.md", "docs/errors.md", "scheduler-service/src/main/resources/static/errors.html"})
    void equalsTheGeneratedPages(String page) throws IOException {
        String expected = page.endsWith(".html")
                ? CodePages.html(catalogue)
                : page.contains("logs") ? CodePages.logs(catalogue) : CodePages.errors(catalogue);
        Path file = HOME.resolve(page);
        if (Boolean.getBoolean("tributary.update-pages")) {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, expected, UTF_8);
        }
        assertThat(file)
                .as("generated page; to update it: ./mvnw -pl pipeline-tests -am verify -Dtest=CodesTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -DskipITs -Dtributary.update-pages=true")
                .content(UTF_8)
                .isEqualTo(expected);
    }

    private static LogLine line(Entry entry) {
        return entry.log().orElseThrow();
    }

    private static LogLine both(LogLine one, LogLine other) {
        var keys = new HashSet<>(one.keys());
        keys.addAll(other.keys());
        return new LogLine(
                one.level().equals(other.level()) ? one.level() : one.level() + " and " + other.level(), keys);
    }
}
