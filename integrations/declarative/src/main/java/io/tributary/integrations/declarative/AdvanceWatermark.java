package io.tributary.integrations.declarative;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records of a page that are new, and advances the watermark of its stream. The state of a stream has {@code
 * since}, {@code after} or {@code cursor}, and {@code known}: keys of records that come again although nothing is new
 * about them. For one page, one
 * thread.
 */
final class AdvanceWatermark {

    private static final int RADIX = 36;

    private final Incremental how;
    private final Set<String> known;
    private @Nullable String to;
    private final Set<String> keys;
    private final @Nullable String from;
    private boolean reachedKnown;

    /** @param state of the stream, empty when the run does not go on from it */
    AdvanceWatermark(Incremental how, JsonObject state, Watermark watermark) {
        this.how = how;
        this.known = known(state).collect(Collectors.toSet());
        this.from = watermark.from();
        this.to = watermark.to();
        this.keys = new LinkedHashSet<>(watermark.keys());
    }

    /**
     * The watermark that a run begins with: its start date, or else the state's time, or else that of a first window.
     */
    static Watermark begin(Incremental how, JsonObject state, Options options) {
        String variable = how.variable();
        if (variable == null || how instanceof Incremental.Windows) {
            return Watermark.NONE;
        }
        if (how instanceof Incremental.Since since) {
            Instant start = options.startDate();
            if (start != null) {
                return new Watermark(start.toString(), null, List.of());
            }
            return state.text(variable)
                    .map(to -> new Watermark(
                            Instant.parse(to).minus(since.overlap()).toString(),
                            to,
                            known(state).toList()))
                    .orElseGet(() -> firstWindow(options));
        }
        return state.text(variable).map(to -> new Watermark(to, to, List.of())).orElse(Watermark.NONE);
    }

    private static Watermark firstWindow(Options options) {
        Instant since = options.firstSince();
        return since == null ? Watermark.NONE : new Watermark(since.toString(), null, List.of());
    }

    private static Stream<String> known(JsonObject state) {
        return state.list("known").stream().map(String::valueOf);
    }

    /** Takes a record, and returns whether it is new. */
    boolean take(@Nullable Object item, String id, Scope scope) throws ExpressionFailure {
        return switch (how) {
            case Incremental.Since it -> takeByTime(it, item, id, scope);
            case Incremental.AfterId it -> takeById(it, item, scope);
            case Incremental.Known it -> {
                String version = it.version() == null ? null : it.version().text(item, scope);
                String key = Values.key(version == null ? id : id + "\n" + version);
                reachedKnown |= known.contains(key);
                boolean isNew = !known.contains(key) && !keys.contains(key);
                if (keys.size() < Math.min(it.remember(), Watermark.MOST_KEYS)) {
                    keys.add(key);
                }
                yield isNew;
            }
            case Incremental.Stored it -> true;
            case Incremental.Windows it -> true;
            case Incremental.None it -> true;
        };
    }

    private boolean takeByTime(Incremental.Since how, @Nullable Object item, String id, Scope scope)
            throws ExpressionFailure {
        Instant time = Values.time(how.value().of(item, scope))
                .orElseThrow(() -> how.value().failed("a record has no such time"));
        // One record dated in the future must not hide all that come until then.
        Instant now = scope.clock().instant();
        Instant reached = time.isAfter(now) ? now : time;
        if (to == null || reached.isAfter(Instant.parse(to))) {
            to = reached.toString();
        }
        // The time is part of the key, so that it can be forgotten when it is older than what is asked for again.
        if (how.skipsOlder() && from != null && time.isBefore(how.format().floor(Instant.parse(from)))) {
            return false;
        }
        String key = Values.key(id) + "@" + Long.toString(time.toEpochMilli(), RADIX);
        // A list with the newest first comes to what was known pages after that was forgotten for being too old.
        return keys.add(key) && !known.contains(key);
    }

    private boolean takeById(Incremental.AfterId how, @Nullable Object item, Scope scope) throws ExpressionFailure {
        String value = how.value().text(item, scope);
        if (value == null) {
            throw how.value().failed("a record has no such id");
        }
        if (to == null || Values.compare(value, to) > 0) {
            to = value;
        }
        return how.skipsOlder() && from != null ? Values.compare(value, from) > 0 : !value.equals(from);
    }

    /**
     * Whether a record was taken that an earlier run has seen. What only this run has seen comes again where the list
     * moves down while it is read.
     */
    boolean reachedKnown() {
        return reachedKnown;
    }

    /** Takes the cursor of an answer. */
    void take(ProviderAnswer answer, Scope scope) throws ExpressionFailure {
        if (how instanceof Incremental.Stored stored) {
            String cursor = stored.next().text(answer.body(), answer.in(scope));
            to = cursor == null || cursor.isEmpty() ? to : cursor;
        }
    }

    Watermark watermark() {
        return new Watermark(from, to, how instanceof Incremental.Since since ? recent(since) : List.copyOf(keys));
    }

    /** The keys of records as young as the next run will ask for; the youngest, when there are too many. */
    private List<String> recent(Incremental.Since since) {
        if (to == null) {
            return List.of();
        }
        long oldest =
                since.format().floor(Instant.parse(to).minus(since.overlap())).toEpochMilli();
        return keys.stream()
                .filter(key -> millis(key) >= oldest)
                .sorted(Comparator.comparingLong(AdvanceWatermark::millis).reversed())
                .limit(Watermark.MOST_KEYS)
                .toList();
    }

    private static long millis(String key) {
        return Long.parseLong(key.substring(key.lastIndexOf('@') + 1), RADIX);
    }

    /** The state of the stream when all pages were read. */
    JsonObject state() {
        Watermark watermark = watermark();
        return switch (how) {
            case Incremental.None it -> JsonObject.EMPTY;
            case Incremental.Windows it -> JsonObject.EMPTY; // It was written when the windows were cut.
            case Incremental.Since it -> reached("since").with("known", watermark.keys());
            case Incremental.AfterId it -> reached("after");
            case Incremental.Stored it -> reached("cursor");
            case Incremental.Known it -> {
                var all = new LinkedHashSet<>(watermark.keys());
                all.addAll(known);
                yield new JsonObject(Map.of(
                        "known", new ArrayList<>(all).subList(0, Math.min(all.size(), it.remember()))));
            }
        };
    }

    private JsonObject reached(String variable) {
        return to == null ? JsonObject.EMPTY : JsonObject.of(variable, to);
    }
}
