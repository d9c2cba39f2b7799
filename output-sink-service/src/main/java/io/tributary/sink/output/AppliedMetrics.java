package io.tributary.sink.output;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tributary.schemas.RunProgress;
import io.tributary.sink.run.RowCounts;
import io.tributary.sink.run.Run;
import io.tributary.sink.run.RunBatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what committed batches changed: rows, and the ends of runs. Thread safe; a meter is created once and kept. */
public final class AppliedMetrics {

    /** Domains with time series of their own. */
    private static final int MOST_DOMAINS = 200;

    private static final String OTHER = "other";

    private static final Duration[] DURATIONS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ofHours(6),
        Duration.ofDays(1)
    };

    private static final Duration[] LAGS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5)
    };

    private final MeterRegistry meters;
    private final Clock clock;
    private final Counter inserted;
    private final Counter updated;
    private final Counter unchanged;
    private final Timer completionLag;
    private final Map<String, Map<String, Timer>> runs = new ConcurrentHashMap<>();

    public AppliedMetrics(MeterRegistry meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
        inserted = rows("inserted");
        updated = rows("updated");
        unchanged = rows("unchanged");
        completionLag = Timer.builder("tributary.sink.completion.lag")
                .description("Time from the end of a run at the worker to its completion in Postgres")
                .serviceLevelObjectives(LAGS)
                .register(meters);
    }

    private Counter rows(String effect) {
        return Counter.builder("tributary.sink.rows")
                .description("Outputs by what they did to rows")
                .tag("effect", effect)
                .register(meters);
    }

    /** After the commit. */
    void committed(List<RunBatch> batches, Collection<RowCounts> counts) {
        for (RowCounts each : counts) {
            inserted.increment(each.inserted());
            updated.increment(each.updated());
            unchanged.increment(each.unchanged());
        }
        Instant now = clock.instant();
        for (RunBatch batch : batches) {
            batch.completion().ifPresent(end -> ended(batch.run(), end.progress(), now));
        }
    }

    private void ended(Run run, RunProgress end, Instant now) {
        completionLag.record(atLeastZero(Duration.between(end.getAt(), now)));
        String domain = runs.containsKey(run.domain()) || runs.size() < MOST_DOMAINS ? run.domain() : OTHER;
        runs.computeIfAbsent(domain, _ -> new ConcurrentHashMap<>())
                .computeIfAbsent(end.getStatus().name(), outcome -> durations(domain, outcome))
                .record(atLeastZero(Duration.between(run.createdAt(), now)));
    }

    private Timer durations(String domain, String outcome) {
        return Timer.builder("tributary.sink.run")
                .description("Runs that ended, by their time from the queue to the end")
                .tag("domain", domain)
                .tag("outcome", outcome)
                .serviceLevelObjectives(DURATIONS)
                .register(meters);
    }

    private static Duration atLeastZero(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
