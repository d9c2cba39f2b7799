package io.tributary.pipeline.codes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the codes in the sources of all modules. */
final class SourceCodes {

    private static final Pattern STATEMENT =
            Pattern.compile("\\b(?:log|LOG)\\s*\\.\\s*(trace|debug|info|warn|error)\\(");

    private static final Pattern TEXT = Pattern.compile("\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"(?:\\s*\\+\\s*(?=\"))?)+)");

    private static final Pattern LINE = Pattern.compile("([a-z][A-Za-z]*\\.[a-z][A-Za-z]*): .*");

    private static final Pattern KEY = Pattern.compile("(\\w+)=\\{}");

    private static final Pattern LITERAL = Pattern.compile("\"([a-z][A-Za-z]*\\.[a-z][A-Za-z]+)\"");

    /** The second part of a code whose first part is the domain of an integration. */
    private static final Pattern OF_DOMAIN = Pattern.compile("\\+\\s*\"\\.([a-z][A-Za-z]+)\"");

    private final Map<Path, String> sources;

    SourceCodes(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            sources = files.filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .collect(Collectors.toMap(home::relativize, SourceCodes::text, (a, _) -> a, TreeMap::new));
        }
    }

    /**
     * A log statement.
     *
     * @param code null: its text does not begin with one
     */
    record Logged(Path file, String level, String code, Set<String> keys) {}

    List<Logged> logged() {
        var found = new ArrayList<Logged>();
        sources.forEach((file, source) -> {
            Matcher statement = STATEMENT.matcher(source);
            while (statement.find()) {
                Matcher text = TEXT.matcher(source).region(statement.end(), source.length());
                String line = text.lookingAt() ? text.group(1).replaceAll("\"\\s*\\+\\s*\"", "") : "";
                line = line.isEmpty() ? "" : line.substring(1, line.length() - 1);
                Matcher coded = LINE.matcher(line);
                found.add(new Logged(
                        file,
                        statement.group(1).toUpperCase(Locale.ROOT),
                        coded.matches() ? coded.group(1) : "",
                        all(KEY, line)));
            }
        });
        return found;
    }

    /** Strings that consist of two words with a dot. */
    Set<String> literals() {
        return sources.values().stream()
                .flatMap(source -> all(LITERAL, source).stream())
                .collect(Collectors.toSet());
    }

    /** Second parts of codes that begin with the domain of an integration. */
    Set<String> ofDomains() {
        return sources.entrySet().stream()
                .filter(source -> source.getKey().startsWith("integrations"))
                .flatMap(source -> all(OF_DOMAIN, source.getValue()).stream())
                .collect(Collectors.toSet());
    }

    boolean contain(String text) {
        return sources.values().stream().anyMatch(source -> source.contains(text));
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult each) -> each.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
