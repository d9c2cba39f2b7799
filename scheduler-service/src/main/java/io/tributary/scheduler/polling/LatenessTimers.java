package io.tributary.scheduler.polling;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tributary.scheduler.manifests.Manifests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** How late schedules are picked, by platform. Thread safe; a timer is kept. */
@Component
public final class LatenessTimers {

    /** Label of a domain without a manifest. */
    private static final String OTHER = "other";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30)
    };

    private final MeterRegistry meters;
    private final Manifests manifests;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    public LatenessTimers(MeterRegistry meters, Manifests manifests) {
        this.meters = meters;
        this.manifests = manifests;
        timer(OTHER);
    }

    /** Adds schedules of a platform that were picked. */
    void record(String domain, List<Instant> dueAt, Instant pickedAt) {
        Timer timer = timer(manifests.find(domain).isPresent() ? domain : OTHER);
        dueAt.forEach(due -> timer.record(Duration.between(due, pickedAt)));
    }

    private Timer timer(String domain) {
        return timers.computeIfAbsent(
                domain,
                _ -> Timer.builder("tributary.polling.lateness")
                        .description("Time from when a schedule was due to its run")
                        .tag("domain", domain)
                        .serviceLevelObjectives(BUCKETS)
                        .register(meters));
    }
}
