package io.tributary.sink.maintenance;

import io.tributary.content.ContentKey;
import io.tributary.content.ContentStore;
import io.tributary.sink.outage.Unavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes objects of the content store without references: those of a worker that was killed before its record was on
 * the topic, of replaced content, and of deleted rows.
 *
 * <p>Only in months that had ended, by the grace period, before the oldest record that is still on the topic of
 * outputs. So no record that exists or may be replayed refers to them. Nobody stores an object in a month that is over,
 * so no reference can appear between the search for references and the removal.
 *
 * @param oldestRecord when the oldest record on the topic was sent; now, if there is none
 */
public record CollectOrphans(
        ContentStore store, FindReferences findReferences, Supplier<Instant> oldestRecord, Bounds bounds)
        implements MaintenanceJob {

    /**
     * @param every time between rounds
     * @param grace longer than clocks differ and a task takes; the default is 24 hours
     * @param page objects that one step checks, 1 to 1,000
     */
    public record Bounds(Duration every, Duration grace, int page) {}

    @Override
    public String name() {
        return "orphans";
    }

    @Override
    public Duration every() {
        return bounds.every();
    }

    @Override
    public Step step(@Nullable String position) {
        YearMonth open = YearMonth.from(oldestRecord.get().minus(bounds.grace()).atOffset(ZoneOffset.UTC));
        try {
            ContentStore.Page page = store.list(position, bounds.page());
            List<ContentKey> closed = page.keys().stream()
                    .filter(key -> key.month().isBefore(open))
                    .toList();
            Set<String> referred =
                    findReferences.to(closed.stream().map(ContentKey::toString).collect(Collectors.toSet()));
            long removed = 0;
            for (ContentKey key : closed) {
                if (!referred.contains(key.toString())) {
                    store.delete(key);
                    removed++;
                }
            }
            boolean reachedOpen = closed.size() < page.keys().size(); // the list is ordered by month
            return new Step(reachedOpen ? null : page.last(), removed);
        } catch (IOException e) {
            throw new Unavailable("content store", String.valueOf(e.getMessage()), e);
        }
    }
}
