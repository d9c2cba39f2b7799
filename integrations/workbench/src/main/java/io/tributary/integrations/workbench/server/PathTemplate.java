package io.tributary.integrations.workbench.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with places for names, such as {@code /items/{id}}, where {@code {id}} stands for one segment, and
 * {@code {rest...}} at the end for all that follow.
 *
 * @param segments between its slashes
 */
public record PathTemplate(List<String> segments) {

    public PathTemplate {
        segments = List.copyOf(segments);
    }

    /** @param path begins with a slash */
    public static PathTemplate of(String path) {
        return new PathTemplate(Arrays.asList(path.split("/", -1)));
    }

    /** What a path has in the places of the names; empty when it is another path. */
    public Optional<Map<String, String>> match(String path) {
        List<String> given = joinedAtTheEnd(new ArrayList<>(Arrays.asList(path.split("/", -1))));
        if (given.size() != segments.size()) {
            return Optional.empty();
        }
        var variables = new HashMap<String, String>();
        for (int i = 0; i < segments.size(); i++) {
            String expected = segments.get(i);
            if (isPlace(expected)) {
                variables.put(expected.substring(1, expected.length() - 1).replace("...", ""), given.get(i));
            } else if (!expected.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }

    /** How many segments are places: of two templates that match a path, the one with fewer says more. */
    public long places() {
        return segments.stream().filter(PathTemplate::isPlace).count();
    }

    private List<String> joinedAtTheEnd(List<String> given) {
        if (segments.getLast().endsWith("...}") && given.size() > segments.size()) {
            List<String> rest = given.subList(segments.size() - 1, given.size());
            String joined = String.join("/", rest);
            rest.clear();
            given.add(joined);
        }
        return given;
    }

    private static boolean isPlace(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
