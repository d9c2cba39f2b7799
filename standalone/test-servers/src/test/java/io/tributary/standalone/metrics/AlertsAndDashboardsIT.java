package io.tributary.standalone.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts and dashboards that the chart ships. */
class AlertsAndDashboardsIT {

    private static final Path CHART = DocumentedMetrics.root().resolve("deploy/helm/tributary");
    private static final Path ALERTS = CHART.resolve("alerts/tributary.yaml");
    private static final Path TESTS = DocumentedMetrics.root().resolve("deploy/alerts-tests/tributary.yaml");

    @Test
    void useDocumentedMetricsOnly() throws IOException {
        Set<String> documented = DocumentedMetrics.names();

        for (Path file : files()) {
            assertThat(documented).as(file.toString()).containsAll(DocumentedMetrics.namesIn(Files.readString(file)));
        }
    }

    @Test
    void everyAlertHasARunbookAndATest() throws IOException {
        String alerts = Files.readString(ALERTS);
        String runbooks = Files.readString(DocumentedMetrics.root().resolve("docs/operations/runbooks.md"));
        List<String> names = all("- alert: (\\w+)", alerts);
        List<String> anchors = all("runbook_url: docs/operations/runbooks.md#([\\w-]+)", alerts);

        assertThat(names).hasSizeGreaterThan(10).doesNotHaveDuplicates();
        assertThat(anchors)
                .hasSameSizeAs(names)
                .allSatisfy(anchor -> assertThat(runbooks).contains("<a id=\"" + anchor + "\"></a>"));
        assertThat(runbooks).contains(names);
        assertThat(all("name: (\\w+) fires", Files.readString(TESTS))).containsExactlyElementsOf(names);
    }

    @Test
    void everyDashboardHasAnIdOfItsOwn() throws IOException {
        List<String> ids = files().stream()
                .filter(file -> file.toString().endsWith(".json"))
                .flatMap(file -> all("\"uid\": \"(tributary-[\\w-]+)\"", read(file)).stream())
                .toList();

        assertThat(ids).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void alertsFireWhenTheyShould() throws Exception {
        Optional<Promtool> promtool = Promtool.installed();
        assumeTrue(promtool.isPresent(), "promtool is not installed");

        assertThat(promtool.get().check(List.of("check", "rules", ALERTS.toString())))
                .isEmpty();
        assertThat(promtool.get().check(List.of("test", "rules", TESTS.toString())))
                .isEmpty();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> dashboards = Files.list(CHART.resolve("dashboards"))) {
            return Stream.concat(dashboards.sorted(), Stream.of(ALERTS)).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(it -> it.group(1))
                .collect(Collectors.toList());
    }
}
