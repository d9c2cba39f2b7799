package io.tributary.standalone.metrics;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One scrape of a service's metrics.
 *
 * @param text as the service answered
 * @param families by name, in alphabetical order
 */
public record Scrape(String text, Map<String, Family> families) {

    /** Prefix of the project's own metrics. */
    public static final String OWN = "tributary_";

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** @param type counter, gauge, histogram or summary */
    public record Family(String name, String type, String help, List<Sample> samples) {

        /** The labels of all samples, without {@code le} and {@code quantile}. */
        public Set<String> labels() {
            var labels = new TreeSet<String>();
            samples.forEach(sample -> labels.addAll(sample.labels().keySet()));
            labels.removeAll(Set.of("le", "quantile"));
            return labels;
        }
    }

    /** @param name with its suffix, such as {@code _bucket} */
    public record Sample(String name, Map<String, String> labels, double value) {}

    /** Scrapes a service. */
    public static Scrape of(int port) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/prometheus"))
                    .build();
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("the service answered " + response.statusCode());
            }
            return parse(response.body());
        }
    }

    static Scrape parse(String text) {
        var helps = new LinkedHashMap<String, String>();
        var families = new TreeMap<String, Family>();
        Family family = null;
        for (String line : text.split("\n")) {
            if (line.startsWith("# HELP ")) {
                String[] parts = line.split(" ", 4);
                helps.put(parts[2], parts.length > 3 ? parts[3] : "");
            } else if (line.startsWith("# TYPE ")) {
                String[] parts = line.split(" ", 4);
                family = new Family(parts[2], parts[3], helps.getOrDefault(parts[2], ""), new ArrayList<>());
                families.put(family.name(), family);
            } else if (!line.startsWith("#") && family != null) {
                Matcher sample = SAMPLE.matcher(line);
                if (sample.matches()) {
                    family.samples().add(sample(sample));
                }
            }
        }
        return new Scrape(text, families);
    }

    private static Sample sample(Matcher found) {
        var labels = new LinkedHashMap<String, String>();
        if (found.group(2) != null) {
            LABEL.matcher(found.group(2)).results().forEach(label -> labels.put(label.group(1), label.group(2)));
        }
        String value = found.group(3);
        return new Sample(
                found.group(1),
                labels,
                switch (value) {
                    case "+Inf" -> Double.POSITIVE_INFINITY;
                    case "-Inf" -> Double.NEGATIVE_INFINITY;
                    default -> Double.parseDouble(value);
                });
    }

    /** The project's own families, without the largest values that belong to a histogram or summary. */
    public Map<String, Family> own() {
        return families.values().stream()
                .filter(family -> family.name().startsWith(OWN))
                .filter(family -> !family.name().endsWith("_max")
                        || !families.containsKey(family.name().replaceFirst("_max$", "")))
                .collect(Collectors.toMap(Family::name, family -> family, (a, _) -> a, TreeMap::new));
    }

    /**
     * The sum of the samples with a name and with these labels; 0: there is none.
     *
     * @param name with its suffix, such as {@code _count}
     * @param labels names and values in turn
     */
    public double sum(String name, String... labels) {
        return families.values().stream()
                .flatMap(family -> family.samples().stream())
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> {
                    for (int i = 0; i < labels.length; i += 2) {
                        if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .mapToDouble(Sample::value)
                .sum();
    }
}
