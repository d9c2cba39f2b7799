package io.tributary.pipeline.codes;

import io.tributary.pipeline.codes.CodeCatalogue.Entry;
import io.tributary.pipeline.codes.CodeCatalogue.LogLine;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Renders the pages that are generated from the catalogue. */
final class CodePages {

    private static final String GENERATED = "Generated from codes.yaml of the module schemas; do not edit.";

    private CodePages() {}

    static String logs(CodeCatalogue catalogue) {
        return """
            # Log lines

            <!-- %s -->

            A line of the log begins with its code, and has its keys as `key=value`. A line may have some of the keys
            only. `code` is the [error](errors.md) that a line is about. [Logs](operations/logs.md) explains the format,
            the levels and the ids that lines have in addition.
            """.formatted(GENERATED) + sections(catalogue.logged(), """
                | code | level | keys | meaning | what to do |
                |---|---|---|---|---|
                """, CodePages::logRow);
    }

    static String errors(CodeCatalogue catalogue) {
        return """
            # Errors

            <!-- %s -->

            The codes of problems that the API answers with, of failed tasks and runs, dead letters, flags of accounts,
            waits that `explain` names, and of starts and commands that fail. `<domain>` is the domain of an
            integration.
            """.formatted(GENERATED) + sections(catalogue.errors(), """
                | code | meaning | what to do |
                |---|---|---|
                """, CodePages::errorRow);
    }

    /** The page of the scheduler that the type of a problem leads to. */
    static String html(CodeCatalogue catalogue) {
        String rows = catalogue.errors().stream()
                .map(each -> "<tr id=\"%s\"><td><code>%s</code></td><td>%s</td><td>%s</td></tr>\n"
                        .formatted(
                                escaped(each.code()),
                                escaped(each.code()),
                                escaped(each.meaning()),
                                escaped(each.remedy())))
                .collect(Collectors.joining());
        return """
            <!doctype html>
            <!-- %s -->
            <html lang="en">
            <meta charset="utf-8">
            <title>Tributary: errors</title>
            <style>
            body { font: 16px/1.4 sans-serif; margin: 2em }
            td, th { text-align: left; vertical-align: top; padding: .3em 1em .3em 0 }
            :target { background: #ffd }
            </style>
            <h1>Errors</h1>
            <table>
            <tr><th>code</th><th>meaning</th><th>what to do</th></tr>
            """.formatted(GENERATED) + rows + """
            </table>
            </html>
            """;
    }

    private static String sections(List<Entry> entries, String head, Function<Entry, String> row) {
        return entries.stream()
                .collect(Collectors.groupingBy(Entry::section, TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .map(section -> "\n## " + escaped(section.getKey()) + "\n\n" + head
                        + section.getValue().stream().map(row).collect(Collectors.joining()))
                .collect(Collectors.joining());
    }

    private static String logRow(Entry entry) {
        LogLine line = entry.log().orElseThrow();
        String keys = line.keys().stream().sorted().map(key -> "`" + key + "`").collect(Collectors.joining(" "));
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        entry.code(),
                        line.level().equals(CodeCatalogue.ANY) ? "any" : line.level(),
                        keys,
                        escaped(entry.meaning()),
                        escaped(entry.remedy()));
    }

    private static String errorRow(Entry entry) {
        return "| <a id=\"%s\"></a>`%s` | %s | %s |\n"
                .formatted(escaped(entry.code()), entry.code(), escaped(entry.meaning()), escaped(entry.remedy()));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("|", "&#124;");
    }
}
