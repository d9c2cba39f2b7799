package io.tributary.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.Limits;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each turn of a lane: a task, or the first obstacle. */
class LaneTest {

    private static final long NOW = 1_000_000;
    private static final int BACKFILL = Backlogs.level(5, true);

    private final UUID run = UUID.randomUUID();
    private Pauses pauses = Pauses.NONE;

    @Test
    void takesTheFirstTaskOfTheFirstPriority() {
        Lane lane = lane(Limits.DEFAULT);
        lane.add(BACKFILL, run, new byte[] {3});
        lane.add(5, run, new byte[] {2});
        lane.add(1, run, new byte[] {1});

        assertThat(taken(lane).task().bytes()).containsExactly(1);
        assertThat(taken(lane).task().bytes()).containsExactly(2);
        assertThat(taken(lane).task().bytes()).containsExactly(3);
        assertThat(lane.take(NOW)).isEqualTo(Turn.NOTHING);
    }

    @Test
    void doesNotThrottleOtherAccountsOfAProviderAppWhenTheWorkerItselfMakesATaskWait() {
        var shared = new SharedRateLimiters(1);
        shared.gained(NOW);
        Limits limits = Limits.DEFAULT.withSharedBy(Limits.SharedBy.PROVIDER_APP);
        RateLimiter limiter = shared.of("test", limits, NOW);
        Lane lane = new Lane(UUID.randomUUID(), limiter, () -> pauses, runId -> true);
        lane.adopt("test", limits, limiter, NOW);

        lane.throttle(NOW + 500, "polling.connectionsBusy");
        assertThat(limiter.throttle(NOW)).isNull();

        lane.throttle(NOW + 500, "test.quota");
        assertThat(limiter.throttle(NOW)).isNotNull();
    }

    @Test
    void isThrottledUntilThenEvenWhenNoTaskWaits() {
        Lane lane = lane(Limits.DEFAULT);

        lane.throttle(NOW + 500, "test.quota");

        assertThat(lane.take(NOW)).isEqualTo(new Turn.Throttled(NOW + 500));
        assertThat(lane.take(NOW + 500)).isEqualTo(Turn.NOTHING);
    }

    @Test
    void hasNothingWhileItIsPaused() {
        Lane lane = lane(Limits.DEFAULT);
        lane.add(5, run, new byte[0]);

        lane.become(LaneState.FLOWING.paused(NOW));
        assertThat(lane.take(NOW)).isEqualTo(Turn.NOTHING);

        lane.become(LaneState.FLOWING);
        pauses = new Pauses(false, Set.of("test"));
        assertThat(lane.take(NOW)).isEqualTo(Turn.NOTHING);

        pauses = Pauses.NONE;
        assertThat(lane.take(NOW)).isInstanceOf(Turn.Taken.class);
    }

    @Test
    void hasNothingWhileItsTasksTakeAllSlots() {
        Lane lane = lane(Limits.DEFAULT.withConcurrency(1));
        lane.add(5, run, new byte[0]);
        lane.add(5, run, new byte[0]);
        Turn.Taken first = taken(lane);

        assertThat(lane.take(NOW)).isEqualTo(Turn.NOTHING);
        assertThat(lane.takeNext(first, NOW)).isNotNull();
    }

    @Test
    void needsARefillWhenItsTasksAreInTheStoreOnly() {
        Lane lane = lane(Limits.DEFAULT);
        lane.found(new TaskKey(lane.userIntegrationId(), 5, 0));

        assertThat(lane.take(NOW)).isEqualTo(Turn.NEEDS_REFILL);
    }

    @Test
    void needsARefillOfLiveTasksAlthoughABackfillWaitsForItsBudget() {
        Lane lane = lane(Limits.DEFAULT.withConcurrency(5));
        lane.add(BACKFILL, run, new byte[0]);
        lane.add(BACKFILL, run, new byte[0]);
        taken(lane);

        assertThat(lane.take(NOW)).as("the one slot of backfills is taken").isEqualTo(Turn.NOTHING);
        lane.found(new TaskKey(lane.userIntegrationId(), 5, 0));
        assertThat(lane.take(NOW)).isEqualTo(Turn.NEEDS_REFILL);
    }

    @Test
    void waitsForItsRate() {
        Lane lane = lane(Limits.DEFAULT.withRate(10, 1));
        lane.add(5, run, new byte[0]);
        lane.add(5, run, new byte[0]);
        taken(lane);

        assertThat(lane.take(NOW)).isEqualTo(new Turn.WaitsForRate(NOW + 100));
    }

    @Test
    void waitsForARateThatOthersShare() {
        Limits limits = Limits.DEFAULT.withRate(10, 1).withSharedBy(Limits.SharedBy.PROVIDER_APP);
        var shared = new SharedRateLimiters(1);
        shared.gained(NOW);
        Lane lane = new Lane(UUID.randomUUID(), shared.of("test", limits, NOW), () -> pauses, run -> true);
        lane.adopt("test", limits, shared.of("test", limits, NOW), NOW);
        lane.add(5, run, new byte[0]);

        assertThat(lane.take(NOW)).isEqualTo(Turn.WAITS_FOR_SHARED_RATE);

        shared.of("test", limits, NOW).throttleUntil(NOW + 500, "test.quota");
        assertThat(lane.take(NOW))
                .as("it does not know yet")
                .isEqualTo(new Turn.ThrottledByLimiter(new RateLimiter.Throttle(NOW + 500, "test.quota"), run));
    }

    @Test
    void waitsForTheBudgetOfBackfills() {
        Lane lane = lane(Limits.DEFAULT.withConcurrency(10).withRate(10, 10));
        lane.add(BACKFILL, run, new byte[0]);
        lane.add(BACKFILL, run, new byte[0]);
        taken(lane);

        assertThat(lane.take(NOW)).isEqualTo(new Turn.WaitsForBudget(NOW + 500));
    }

    @Test
    void waitsForThreadsThatWereGivenUp() {
        Lane lane = lane(Limits.DEFAULT.withConcurrency(1));
        lane.add(5, run, new byte[0]);
        lane.stuck();
        lane.stuck();

        assertThat(lane.take(NOW)).isEqualTo(Turn.WAITS_FOR_THREADS);
        lane.unstuck();
        assertThat(lane.take(NOW)).isInstanceOf(Turn.Taken.class);
    }

    @Test
    void failsWhenSomethingEndsTwice() {
        Lane lane = lane(Limits.DEFAULT);
        lane.add(5, run, new byte[0]);
        Turn.Taken taken = taken(lane);
        lane.settled();

        assertThatThrownBy(lane::settled)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unsettled");
        assertThatThrownBy(lane::unstuck).isInstanceOf(IllegalStateException.class);
        taken.permit().end();
        assertThatThrownBy(taken.permit()::end).isInstanceOf(IllegalStateException.class);
    }

    private Lane lane(Limits limits) {
        var limiter = RateLimiter.withFullBurst(limits, NOW);
        var lane = new Lane(UUID.randomUUID(), limiter, () -> pauses, run -> true);
        lane.adopt("test", limits, limiter, NOW);
        return lane;
    }

    private static Turn.Taken taken(Lane lane) {
        Turn turn = lane.take(NOW);
        assertThat(turn).isInstanceOf(Turn.Taken.class);
        return (Turn.Taken) turn;
    }
}
