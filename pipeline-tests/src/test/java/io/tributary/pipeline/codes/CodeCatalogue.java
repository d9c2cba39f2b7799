package io.tributary.pipeline.codes;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/**
 * The catalogue of all codes, {@code codes.yaml} of the module schemas.
 *
 * @param entries by code, sorted
 */
record CodeCatalogue(TreeMap<String, Entry> entries) {

    /** The level of lines that an integration logs at any level. */
    static final String ANY = "ANY";

    /**
     * @param log level and keys of its log lines; empty: it is not logged
     * @param error whether it is the code of an error
     */
    record Entry(String code, Optional<LogLine> log, boolean error, String meaning, String remedy) {

        /** The part of a page that it belongs to. */
        String section() {
            return code.substring(0, code.indexOf('.'));
        }
    }

    /** @param keys of all lines with the code */
    record LogLine(String level, Set<String> keys) {}

    static CodeCatalogue read() throws IOException {
        try (InputStream file = Objects.requireNonNull(
                CodeCatalogue.class.getResourceAsStream("/io/tributary/schemas/codes.yaml"), "codes.yaml")) {
            Map<String, Map<String, Object>> all = new Yaml().load(file);
            var entries = new TreeMap<String, Entry>();
            all.forEach((code, fields) -> entries.put(
                    code,
                    new Entry(
                            code,
                            Optional.ofNullable((String) fields.get("log")).map(CodeCatalogue::logLine),
                            Boolean.TRUE.equals(fields.get("error")),
                            text(fields, "meaning"),
                            text(fields, "remedy"))));
            return new CodeCatalogue(entries);
        }
    }

    List<Entry> logged() {
        return entries.values().stream().filter(each -> each.log().isPresent()).toList();
    }

    List<Entry> errors() {
        return entries.values().stream().filter(Entry::error).toList();
    }

    Set<String> sections() {
        return entries.values().stream().map(Entry::section).collect(Collectors.toSet());
    }

    private static LogLine logLine(String text) {
        List<String> words = List.of(text.split(" "));
        return new LogLine(words.getFirst(), Set.copyOf(words.subList(1, words.size())));
    }

    private static String text(Map<String, Object> fields, String name) {
        return Objects.requireNonNull((String) fields.get(name), name);
    }
}
