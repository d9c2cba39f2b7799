package io.tributary.integrations.gmail;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which messages are synced.
 *
 * @param query as in Gmail's search box; null: all but spam and trash
 * @param labelIds of which a message must have all
 */
record Filter(@Nullable String query, List<String> labelIds) {

    private static final List<String> THROWN_AWAY = List.of("TRASH", "SPAM");

    static Filter of(JsonObject config) {
        return new Filter(config.text("query").orElse(null), config.texts("labelIds"));
    }

    /** What the sync state remembers it by: with another filter, everything is listed anew. */
    String key() {
        return labelIds.stream().sorted().collect(Collectors.joining(" ")) + "|" + (query == null ? "" : query);
    }

    /** The query of a list, bounded by dates, which Gmail takes as seconds too ("Filter messages"). */
    @Nullable
    String within(Options options) {
        return joined(
                options.startDate() == null
                        ? null
                        : "after:" + (options.startDate().getEpochSecond() - 1),
                // Exclusive, and in whole seconds: the download compares milliseconds.
                options.endDate() == null
                        ? null
                        : "before:" + (options.endDate().getEpochSecond() + 1));
    }

    /** The query of a list of what came since. */
    @Nullable
    String since(Instant time) {
        return joined("after:" + time.getEpochSecond());
    }

    private @Nullable String joined(@Nullable String... bounds) {
        String grouped = query == null ? null : "(" + query + ")";
        String all = Stream.concat(Stream.ofNullable(grouped), Stream.of(bounds).filter(Objects::nonNull))
                .collect(Collectors.joining(" "));
        return all.isEmpty() ? null : all;
    }

    /** Whether a message with these labels is among those that a list without a query returns. */
    boolean takes(Collection<String> labels) {
        boolean wantsThrownAway = labelIds.stream().anyMatch(THROWN_AWAY::contains);
        return labels.containsAll(labelIds)
                && (wantsThrownAway || labels.stream().noneMatch(THROWN_AWAY::contains));
    }
}
