package io.tributary.pipeline.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pages of {@code docs/operations}.
 *
 * @param texts by file
 */
record Pages(Map<Path, String> texts) {

    static Pages read(Path home) throws IOException {
        var texts = new TreeMap<Path, String>();
        try (Stream<Path> files = Files.list(home.resolve("docs/operations"))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".md")).toList()) {
                texts.put(file, Files.readString(file, UTF_8));
            }
        }
        return new Pages(texts);
    }

    /** A name on a page. */
    record Named(Path page, String name) {
        @Override
        public String toString() {
            return "'" + name + "' of " + page.getFileName();
        }
    }

    /** The first groups of all matches, each once for each page. */
    List<Named> all(Pattern pattern) {
        return texts.entrySet().stream()
                .flatMap(page -> pattern.matcher(page.getValue())
                        .results()
                        .map((MatchResult match) -> new Named(page.getKey(), match.group(1))))
                .distinct()
                .toList();
    }
}
