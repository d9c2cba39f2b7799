package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Quota;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private static final long NOW = 1_000_000;

    @Test
    void startsABurstAndThenAtTheRate() {
        RateLimiter limiter = RateLimiter.withFullBurst(Limits.DEFAULT.withRate(10, 3), NOW);

        assertThat(startAll(limiter, NOW)).hasSize(3);
        assertThat(limiter.opensAtMillis(NOW)).isEqualTo(NOW + 100);
        assertThat(startAll(limiter, NOW + 99)).isEmpty();
        assertThat(startAll(limiter, NOW + 100)).hasSize(1);
    }

    @Test
    void hasNoBurstAfterAMoveFromAnotherWorker() {
        RateLimiter limiter = RateLimiter.withoutBurst(Limits.DEFAULT.withRate(10, 3), NOW);

        assertThat(startAll(limiter, NOW)).isEmpty();
        assertThat(startAll(limiter, NOW + 100)).hasSize(1);
    }

    @Test
    void takesTheShareOfThePartitionsThatTheWorkerOwns() {
        var shared = new SharedRateLimiters(4);
        shared.gained(NOW);
        RateLimiter limiter = shared.of("app", providerApp(100), NOW);
        assertThat(startedIn(limiter, NOW, 1_000)).isEqualTo(25);

        shared.gained(NOW + 1_000);
        assertThat(startedIn(limiter, NOW + 1_000, 1_000)).isEqualTo(50);

        shared.lost(NOW + 2_000);
        shared.lost(NOW + 2_000);
        assertThat(startedIn(limiter, NOW + 2_000, 1_000)).isZero();
    }

    @Test
    void gainsNothingByPartitionsThatMoveToAndFro() {
        var one = new SharedRateLimiters(4);
        var two = new SharedRateLimiters(4);
        for (int i = 0; i < 2; i++) {
            one.gained(NOW);
            two.gained(NOW);
        }
        long started = 0;
        RateLimiter here = one.of("app", providerApp(100), NOW);
        RateLimiter there = two.of("app", providerApp(100), NOW);
        for (long millis = 0; millis < 60_000; millis += 5) {
            if (millis % 1_000 == 0) {
                boolean forth = millis % 2_000 == 0;
                (forth ? one : two).lost(NOW + millis);
                (forth ? two : one).gained(NOW + millis);
            }
            started += endAll(startAll(here, NOW + millis));
            started += endAll(startAll(there, NOW + millis));
        }
        assertThat(started).isBetween(5_880L, 6_120L);
    }

    @Test
    void sharesTheNumberOfTasksAtATimeToo() {
        var shared = new SharedRateLimiters(2);
        shared.gained(NOW);
        RateLimiter limiter =
                shared.of("app", providerApp(Double.POSITIVE_INFINITY).withConcurrency(6), NOW);

        List<RateLimiter.Permit> tickets = startAll(limiter, NOW);

        assertThat(tickets).hasSize(3);
        assertThat(limiter.opensAtMillis(NOW)).isEqualTo(Long.MAX_VALUE);
        tickets.getFirst().end();
        assertThat(startAll(limiter, NOW)).hasSize(1);
    }

    @Test
    void isThrottledForAllThatShareIt() {
        RateLimiter limiter = new SharedRateLimiters(1).of("app", providerApp(Double.POSITIVE_INFINITY), NOW);

        limiter.throttleUntil(NOW + 500, "test.quota");

        assertThat(limiter.tryStart(NOW + 499)).isNull();
        assertThat(limiter.throttle(NOW)).isEqualTo(new RateLimiter.Throttle(NOW + 500, "test.quota"));
        assertThat(limiter.tryStart(NOW + 500)).isNotNull();
    }

    @Test
    void startsNoMoreThanTheProviderSaysIsLeft() {
        RateLimiter limiter = told(quota(2, 10));

        assertThat(startAll(limiter, NOW)).hasSize(2);
        assertThat(limiter.throttle(NOW)).isEqualTo(new RateLimiter.Throttle(NOW + 10_000, "polling.quotaExhausted"));
    }

    @Test
    void countsWhatIsUnderWayUntilItSaysThatItWasCounted() {
        RateLimiter limiter = RateLimiter.withFullBurst(Limits.DEFAULT, NOW);
        RateLimiter.Permit early = start(limiter, NOW);
        RateLimiter.Permit late = start(limiter, NOW);

        late.learn(quota(1, 10), NOW);
        late.end();
        assertThat(limiter.tryStart(NOW))
                .as("the other one may not have been counted")
                .isNull();
        assertThat(limiter.throttle(NOW)).as("it may turn out to be").isNull();

        early.learn(quota(2, 10), NOW);
        early.end();
        assertThat(startAll(limiter, NOW)).hasSize(1);
    }

    @Test
    void expectsAsMuchOfTheNextWindowAsOfTheOneBefore() {
        RateLimiter limiter = told(quota(3, 10));
        endAll(startAll(limiter, NOW));

        assertThat(startAll(limiter, NOW + 10_000)).as("4 a window").hasSize(4);
    }

    @Test
    void asksAgainWhenNobodyUnderWayCouldTell() {
        RateLimiter limiter = told(quota(0, 10));

        assertThat(limiter.tryStart(NOW + 9_999)).isNull();
        for (int i = 0; i < 3; i++) {
            List<RateLimiter.Permit> asking = startAll(limiter, NOW + 10_000);
            assertThat(asking).hasSize(1);
            endAll(asking);
        }
    }

    /** A provider with a quota in fixed windows, answers in random order, 20 requests at a time: seeded. */
    @Test
    void usesNearlyAllOfAQuotaAndIsRefusedHardlyEver() {
        for (int seed = 1; seed <= 20; seed++) {
            var provider = new Provider(300, 5_000);
            play(provider, new Random(seed));
            assertThat(provider.refused).as("refused, seed %d", seed).isLessThanOrEqualTo(provider.calls / 1000);
            assertThat(provider.accepted).as("accepted, seed %d", seed).isGreaterThanOrEqualTo(12 * 300 * 95L / 100);
        }
    }

    private static void play(Provider provider, Random random) {
        RateLimiter limiter = RateLimiter.withFullBurst(Limits.DEFAULT, NOW);
        List<Call> underWay = new ArrayList<>();
        for (long now = NOW; now < NOW + 60_000; now++) {
            for (int i = underWay.size() - 1; i >= 0; i--) {
                if (underWay.get(i).advance(provider, now)) {
                    underWay.remove(i);
                }
            }
            while (underWay.size() < 20) {
                RateLimiter.Permit ticket = limiter.tryStart(now);
                if (ticket == null) {
                    break;
                }
                underWay.add(new Call(ticket, limiter, now + random.nextInt(20), random.nextInt(20)));
            }
        }
    }

    private static final class Provider {
        private final long quota;
        private final long windowMillis;
        private long window;
        private long used;
        private long calls;
        private long accepted;
        private long refused;

        Provider(long quota, long windowMillis) {
            this.quota = quota;
            this.windowMillis = windowMillis;
        }

        /** What is left after a call; -1: it was refused. */
        long call(long now) {
            calls++;
            if (now / windowMillis != window) {
                window = now / windowMillis;
                used = 0;
            }
            if (used >= quota) {
                refused++;
                return -1;
            }
            accepted++;
            return quota - ++used;
        }

        Instant resetsAt(long now) {
            return Instant.ofEpochMilli((now / windowMillis + 1) * windowMillis);
        }
    }

    private static final class Call {
        private final RateLimiter.Permit ticket;
        private final RateLimiter limiter;
        private final long arrivesAt;
        private final long endsAt;
        private long left;
        private boolean arrived;
        private Instant resetsAt = Instant.EPOCH;

        Call(RateLimiter.Permit ticket, RateLimiter limiter, long arrivesAt, long answerTakes) {
            this.ticket = ticket;
            this.limiter = limiter;
            this.arrivesAt = arrivesAt;
            this.endsAt = arrivesAt + answerTakes;
        }

        boolean advance(Provider provider, long now) {
            if (!arrived && now >= arrivesAt) {
                arrived = true;
                left = provider.call(now);
                resetsAt = provider.resetsAt(now);
            }
            if (!arrived || now < endsAt) {
                return false;
            }
            if (left < 0) {
                limiter.throttleUntil(resetsAt.toEpochMilli(), "test.quota");
            } else {
                ticket.learn(new Quota(left, resetsAt), now);
            }
            ticket.end();
            return true;
        }
    }

    /** A limiter whose first task learned what is left, and has ended. */
    private static RateLimiter told(Quota left) {
        RateLimiter limiter = RateLimiter.withFullBurst(Limits.DEFAULT, NOW);
        RateLimiter.Permit first = start(limiter, NOW);
        first.learn(left, NOW);
        first.end();
        return limiter;
    }

    private static Limits providerApp(double perSecond) {
        return Limits.DEFAULT.withRate(perSecond, 8).withConcurrency(1000).withSharedBy(Limits.SharedBy.PROVIDER_APP);
    }

    private static Quota quota(long remaining, long seconds) {
        return new Quota(remaining, Instant.ofEpochMilli(NOW + seconds * 1000));
    }

    private static RateLimiter.Permit start(RateLimiter limiter, long now) {
        return Objects.requireNonNull(limiter.tryStart(now), "nothing may start");
    }

    /** Starts as much as may start, up to 100. */
    private static List<RateLimiter.Permit> startAll(RateLimiter limiter, long now) {
        var tickets = new ArrayList<RateLimiter.Permit>();
        for (RateLimiter.Permit next = limiter.tryStart(now);
                next != null && tickets.size() < 100;
                next = limiter.tryStart(now)) {
            tickets.add(next);
        }
        return tickets;
    }

    private static int endAll(List<RateLimiter.Permit> tickets) {
        tickets.forEach(RateLimiter.Permit::end);
        return tickets.size();
    }

    private static int startedIn(RateLimiter limiter, long from, long millis) {
        int started = 0;
        for (long now = from + 5; now <= from + millis; now += 5) {
            started += endAll(startAll(limiter, now));
        }
        return started;
    }
}
