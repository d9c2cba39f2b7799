package io.tributary.scheduler.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Position of the next page of a list: opaque to clients, and valid in that list only. */
public enum Cursor {
    USER_INTEGRATIONS,
    RUNS,
    FAILURES,
    CONTENT,
    REPLAYS,
    DEAD_LETTERS,
    ONE_OFF_TASKS,
    AUDIT_LOG,
    TRIGGERS,
    WEBHOOKS,
    WEBHOOK_DELIVERIES,
    ACTIVITIES,
    METRICS,
    STATS,
    NOTIFICATIONS,
    TEMPLATES,
    SUPPRESSIONS,
    INBOX,
    USAGE,
    INVOICES,
    BILLED_EVENTS,
    BILLING_PLANS;

    /** The cursor after an item. */
    public String after(Object position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((name() + ":" + position).getBytes(UTF_8));
    }

    /** The position of a cursor that came from a client; {@code first} when there is none. */
    public long number(@Nullable String cursor, long first) {
        return cursor == null ? first : read(cursor, Long::valueOf);
    }

    /** The position of a cursor that came from a client; {@code first} when there is none. */
    public UUID uuid(@Nullable String cursor, UUID first) {
        return cursor == null ? first : read(cursor, UUID::fromString);
    }

    /**
     * The position of a cursor that came from a client, in a list whose order is not by one column.
     *
     * @param parse throws an {@link IllegalArgumentException} for what is no position
     */
    public <T> T position(@Nullable String cursor, T first, Function<String, T> parse) {
        return cursor == null ? first : read(cursor, parse);
    }

    private <T> T read(String cursor, Function<String, T> parse) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
            String prefix = name() + ":";
            if (text.startsWith(prefix)) {
                return parse.apply(text.substring(prefix.length()));
            }
        } catch (IllegalArgumentException _) {
            // Neither Base64 nor a position: rejected below.
        }
        throw new ApiException(
                Problem.invalid(List.of(new Violation("cursor", "is not the nextCursor of a page of this list"))));
    }
}
