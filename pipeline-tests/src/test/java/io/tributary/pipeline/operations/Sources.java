package io.tributary.pipeline.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the sources of all modules declare. */
final class Sources {

    private static final Pattern PREFIX = Pattern.compile("@ConfigurationProperties\\(\\s*(?:prefix = )?\"([^\"]+)\"");
    private static final Pattern IDENTIFIER = Pattern.compile("\\w+");
    private static final Pattern TABLE =
            Pattern.compile("(?i)create (?:table|view|or replace view)(?: if not exists)? (\\w+)");

    private final List<String> java;
    private final String migrations;

    Sources(Path home) throws IOException {
        java = texts(home, "/src/main/java/", ".java");
        migrations = String.join("\n", texts(home.resolve("schemas"), "/db/migration/", ".sql"));
    }

    /** Whether the text is in a source as a whole string. */
    boolean contain(String text) {
        return java.stream().anyMatch(source -> source.contains("\"" + text + "\""));
    }

    Set<String> tables() {
        return TABLE.matcher(migrations).results().map(match -> match.group(1)).collect(Collectors.toSet());
    }

    /** Whether a class of properties has the setting of an environment variable, itself or one level below. */
    boolean bind(String variable) {
        String wanted = plain(variable);
        return properties().entrySet().stream().anyMatch(properties -> {
            if (!wanted.startsWith(properties.getKey())) {
                return false;
            }
            String rest = wanted.substring(properties.getKey().length());
            Set<String> names = properties.getValue();
            for (int i = 1; i < rest.length(); i++) {
                if (names.contains(rest.substring(0, i)) && names.contains(rest.substring(i))) {
                    return true;
                }
            }
            return names.contains(rest);
        });
    }

    /** Words of the sources, by the prefix of their properties. */
    private Map<String, Set<String>> properties() {
        var found = new HashMap<String, Set<String>>();
        for (String source : java) {
            Matcher prefix = PREFIX.matcher(source);
            while (prefix.find()) {
                found.computeIfAbsent(plain(prefix.group(1)), _ -> new HashSet<>())
                        .addAll(IDENTIFIER
                                .matcher(source)
                                .results()
                                .map(match -> plain(match.group()))
                                .collect(Collectors.toSet()));
            }
        }
        return found;
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    private static List<String> texts(Path root, String part, String end) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            var texts = new ArrayList<String>();
            for (Path file : files.filter(each -> each.toString().contains(part))
                    .filter(each -> each.toString().endsWith(end))
                    .filter(each -> !each.toString().contains("/target/"))
                    .toList()) {
                texts.add(Files.readString(file, UTF_8));
            }
            return texts;
        }
    }
}
