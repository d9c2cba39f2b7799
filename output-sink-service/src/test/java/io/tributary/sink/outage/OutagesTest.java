package io.tributary.sink.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.sink.outage.Outages.Outage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OutagesTest {

    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    private final Outages outages = new Outages(clock());

    @Test
    void areNoneToBeginWith() {
        assertThat(outages.longest()).isEmpty();
    }

    @Test
    void rememberWhatIsMissingAndSinceWhenUntilTheyAreOver() {
        outages.failed("postgres");
        now.set(BEGIN.plusSeconds(1));
        outages.failed("kafka");

        assertThat(outages.longest()).hasValue(new Outage("kafka", BEGIN, 2));
        outages.over();
        assertThat(outages.longest()).isEmpty();
    }

    @Test
    void areThoseOfEachThread() {
        outages.failed("postgres");
        now.set(BEGIN.plus(Duration.ofSeconds(1)));
        CompletableFuture.runAsync(() -> {
                    outages.failed("kafka");
                    outages.failed("kafka");
                })
                .join();

        assertThat(outages.longest()).hasValue(new Outage("postgres", BEGIN, 1));
        outages.over();
        assertThat(outages.longest()).hasValue(new Outage("kafka", BEGIN.plusSeconds(1), 2));
    }

    private Clock clock() {
        InstantSource source = now::get;
        return source.withZone(ZoneOffset.UTC);
    }
}
