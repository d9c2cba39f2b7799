package io.tributary.sink.upkeep;

import io.tributary.content.ContentKey;
import io.tributary.content.ContentStore;
import io.tributary.sink.consume.Unavailable;
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
 * Removes objects of the content store that nothing refers to: of a worker that was killed before its record was on the
 * topic, of content that was replaced, of rows that are gone.
 *
 * <p>Only in months that were over, by the grace period, before the oldest record that is still on the topic of outputs.
 * So no record that is there, or may yet be replayed, refers to them; and nobody stores anything in a month that is over,
 * so nothing can come to refer to an object between the look for references and its removal.
 */
public final class CollectOrphans implements Upkeep {

    private final ContentStore store;
    private final FindReferences findReferences;
    private final Supplier<Instant> oldestRecord;
    private final Bounds bounds;

    /**
     * @param oldestRecord when the oldest record on the topic was sent; now, where there is none
     */
    public CollectOrphans(
            ContentStore store, FindReferences findReferences, Supplier<Instant> oldestRecord, Bounds bounds) {
        this.store = store;
        this.findReferences = findReferences;
        this.oldestRecord = oldestRecord;
        this.bounds = bounds;
    }

    /**
     * @param every time between rounds
     * @param grace longer than clocks differ and a task takes; the default is 24 hours
     * @param page objects looked at in a step, 1 to 1,000
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
            boolean reachedOpen = closed.size() < page.keys().size(); // the list goes by month
            return new Step(reachedOpen ? null : page.last(), removed);
        } catch (IOException e) {
            throw new Unavailable("content store", String.valueOf(e.getMessage()), e);
        }
    }
}
