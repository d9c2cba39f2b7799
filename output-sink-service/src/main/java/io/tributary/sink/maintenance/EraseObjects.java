package io.tributary.sink.maintenance;

import io.tributary.content.ContentKey;
import io.tributary.content.ContentStore;
import io.tributary.sink.outage.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.UUID;

/** Deletes the objects of a deleted account. Their names have its id, so no other account refers to them. */
final class EraseObjects {

    private static final int PAGE = 100;

    /** Clocks of workers and of Postgres differ by less. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private EraseObjects() {}

    /**
     * Deletes objects; returns their number. Fewer than the limit: none is left.
     *
     * @param since when the account was created; it has no older objects
     * @throws Unavailable the store cannot be used: call again later
     */
    static long of(UUID userIntegrationId, Instant since, Instant now, ContentStore store, long limit) {
        long deleted = 0;
        YearMonth last = month(now.plus(MARGIN));
        for (YearMonth month = month(since.minus(MARGIN)); !month.isAfter(last); month = month.plusMonths(1)) {
            deleted += ofMonth(month + "/" + userIntegrationId + "/", store, limit - deleted);
        }
        return deleted;
    }

    private static long ofMonth(String prefix, ContentStore store, long limit) {
        long deleted = 0;
        try {
            String after = prefix;
            while (after != null && deleted < limit) {
                ContentStore.Page page = store.list(after, (int) Math.min(PAGE, limit - deleted));
                for (ContentKey key : page.keys()) {
                    if (!key.toString().startsWith(prefix)) {
                        return deleted;
                    }
                    store.delete(key);
                    deleted++;
                }
                after = page.last();
            }
            return deleted;
        } catch (IOException e) {
            throw new Unavailable("content store", String.valueOf(e.getMessage()), e);
        }
    }

    private static YearMonth month(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC));
    }
}
