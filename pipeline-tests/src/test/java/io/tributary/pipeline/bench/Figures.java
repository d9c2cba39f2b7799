package io.tributary.pipeline.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects what is measured, in the order in which it is first told. */
final class Figures {

    private final Map<String, String> units = new LinkedHashMap<>();
    private final Map<String, List<Double>> rounds = new LinkedHashMap<>();

    /** Adds what a round gave. */
    void add(String name, String unit, double value) {
        units.put(name, unit);
        rounds.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
        System.err.printf(Locale.ROOT, "  %s %s %s%n", name, rounded(value), unit);
    }

    List<Figure> all() {
        return rounds.entrySet().stream()
                .map(entry -> new Figure(entry.getKey(), unit(entry.getKey()), entry.getValue()))
                .toList();
    }

    /** A line for each figure, under headings. */
    String table() {
        var table = new StringBuilder(line("figure", "median", "min", "max", "unit", "runs"));
        for (Figure figure : all()) {
            table.append(line(
                    figure.name(),
                    rounded(figure.median()),
                    rounded(figure.min()),
                    rounded(figure.max()),
                    figure.unit(),
                    Integer.toString(figure.rounds().size())));
        }
        return table.toString();
    }

    /** As the JSON of a report has them. */
    List<Map<String, Object>> toJson() {
        return all().stream().map(Figures::json).toList();
    }

    private String unit(String name) {
        return units.getOrDefault(name, "");
    }

    private static Map<String, Object> json(Figure figure) {
        var json = new LinkedHashMap<String, Object>();
        json.put("name", figure.name());
        json.put("unit", figure.unit());
        json.put("median", figure.median());
        json.put("min", figure.min());
        json.put("max", figure.max());
        json.put("runs", figure.rounds().size());
        return json;
    }

    private static String line(String name, String median, String min, String max, String unit, String runs) {
        return String.format(Locale.ROOT, "%-42s %12s %12s %12s  %-9s %4s%n", name, median, min, max, unit, runs);
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 1_000 ? "%,.3f" : "%,.0f", value);
    }
}
