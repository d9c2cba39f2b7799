package io.tributary.pipeline.bench;

import io.tributary.schemas.Output;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** How long accounts with work to do had to wait between two tasks that were completed, and whether one was twice. */
final class AccountPauses implements ReadOutput.Listener {

    private final Map<UUID, Long> lastNanos = new HashMap<>();
    private final Map<UUID, Long> longestNanos = new HashMap<>();
    private final Set<UUID> completed = new HashSet<>();
    private int doubled;

    @Override
    public synchronized void read(Output output, long readNanos) {
        if (!completed.add(output.getTaskId())) {
            doubled++;
        }
        UUID account = output.getUserIntegrationId();
        Long before = lastNanos.put(account, readNanos);
        longestNanos.merge(account, before == null ? 0 : readNanos - before, Math::max);
    }

    /** Forgets the pauses so far. */
    synchronized void begin() {
        longestNanos.clear();
    }

    /** The longest pause of each account since {@link #begin}, those that go on included, milliseconds. */
    synchronized List<Double> longestMillis() {
        long now = System.nanoTime();
        var longest = new ArrayList<Double>();
        lastNanos.forEach(
                (account, last) -> longest.add(Math.max(longestNanos.getOrDefault(account, 0L), now - last) / 1e6));
        return longest;
    }

    /** Accounts with a task completed in the last nanoseconds. */
    synchronized long awake(long nanos) {
        long from = System.nanoTime() - nanos;
        return lastNanos.values().stream().filter(last -> last - from > 0).count();
    }

    /** Tasks that were completed a second time. */
    synchronized int doubled() {
        return doubled;
    }
}
