package io.tributary.integrations.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code Link} headers (RFC 8288, section 3). Malformed parts are skipped. */
final class LinkHeader {

    private static final Pattern TARGET = Pattern.compile("<([^>]*)>");
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*;\\s*([^=;,<\\s]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|([^\",;\\s]*)))?");

    private LinkHeader() {}

    /** The target of the first link of a relation type, as written. */
    static Optional<String> target(List<String> headers, String relation) {
        for (String header : headers) {
            Matcher target = TARGET.matcher(header);
            Matcher parameter = PARAMETER.matcher(header);
            for (int at = 0; target.region(at, header.length()).find(); ) {
                String relations = null;
                at = target.end();
                while (parameter.region(at, header.length()).lookingAt()) {
                    at = parameter.end();
                    // The first one counts.
                    relations = relations == null ? relations(parameter) : relations;
                }
                if (relations != null && List.of(relations.split("\\s+")).contains(relation.toLowerCase(Locale.ROOT))) {
                    return Optional.of(target.group(1));
                }
            }
        }
        return Optional.empty();
    }

    /** The relation in a parameter; null when the parameter is another one. */
    private static @Nullable String relations(Matcher parameter) {
        if (!parameter.group(1).equalsIgnoreCase("rel")) {
            return null;
        }
        String quoted = parameter.group(2);
        String value = quoted != null ? quoted : parameter.group(3);
        return value == null ? "" : value.strip().toLowerCase(Locale.ROOT);
    }
}
