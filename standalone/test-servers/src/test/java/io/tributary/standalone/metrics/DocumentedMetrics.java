package io.tributary.standalone.metrics;

import io.tributary.standalone.metrics.Scrape.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The metrics that docs/metrics.md lists: a section for each service, and a row for each metric. */
public final class DocumentedMetrics {

    private DocumentedMetrics() {}

    /** The rows of a service, by the name of the metric. */
    public static Map<String, String> rowsOf(String section) throws IOException {
        return rows("## " + section);
    }

    /** The names of all services' metrics. */
    public static Set<String> names() throws IOException {
        return rows("## ").keySet();
    }

    private static Map<String, String> rows(String heading) throws IOException {
        var rows = new TreeMap<String, String>();
        boolean inside = false;
        for (String line : Files.readAllLines(root().resolve("docs/metrics.md"))) {
            if (line.startsWith("## ")) {
                inside = line.startsWith(heading);
            } else if (inside && line.startsWith("| `")) {
                rows.put(line.split("`", 3)[1], line);
            }
        }
        return rows;
    }

    /** The rows as they have to be for what a service serves. */
    public static Map<String, String> rowsFor(Scrape scrape) {
        return scrape.own().values().stream()
                .collect(Collectors.toMap(Family::name, DocumentedMetrics::row, (a, _) -> a, TreeMap::new));
    }

    private static String row(Family family) {
        String labels = family.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
        return Stream.of("`" + family.name() + "`", family.type(), labels.isEmpty() ? "none" : labels, family.help())
                .collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** The folder of the project. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("there is no mvnw above the working directory");
            }
        }
        return folder;
    }

    /** The names of metrics in an expression of PromQL, without the suffixes of histograms. */
    public static Set<String> namesIn(String expression) {
        return Arrays.stream(expression.split("[^a-zA-Z0-9_:]+"))
                .filter(word -> word.startsWith(Scrape.OWN))
                .map(word -> word.replaceFirst("(?<=_seconds)_(bucket|count|sum|max)$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
