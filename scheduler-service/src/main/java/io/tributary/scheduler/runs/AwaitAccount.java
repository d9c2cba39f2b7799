package io.tributary.scheduler.runs;

import io.tributary.scheduler.tables.RunQueries;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.stereotype.Component;

/**
 * Waits, on the thread of the request, for a run of one task. Time and number of waiting requests are
 * bounded, so that slow providers leave the API its threads.
 */
@Component
class AwaitAccount {

    /** Most requests of this replica that wait concurrently; further ones get a response without the account. */
    private static final int MOST_WAITING = 20;

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final RunQueries runs;
    private final Duration atMost;
    private final Semaphore places = new Semaphore(MOST_WAITING);

    AwaitAccount(RunQueries runs, TrialProperties properties) {
        this.runs = runs;
        this.atMost = properties.patience();
    }

    /**
     * Settings of connection tests.
     *
     * @param patience longest wait for the end of the run, 0 to 20 s; default 5 s
     */
    @ConfigurationProperties("tributary.trial")
    record TrialProperties(@DefaultValue("5s") Duration patience) {

        private static final Duration LONGEST = Duration.ofSeconds(20);

        TrialProperties {
            if (patience.isNegative() || patience.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "tributary.trial.patience is " + patience + "; it must be 0 to 20 s");
            }
        }
    }

    /**
     * The account at the provider.
     *
     * @param id the provider's id; null: none
     * @param name for people; null: unknown
     */
    record FoundAccount(@Nullable String id, @Nullable String name) {}

    private record State(boolean over, @Nullable FoundAccount account) {
        static final State UNKNOWN = new State(false, null);
    }

    /** The account that the run identified; empty: none, or not in time. */
    Optional<FoundAccount> of(UUID run) {
        return Optional.ofNullable(state(run).account());
    }

    /** Whether the run ended in time. */
    boolean end(UUID run) {
        return state(run).over();
    }

    private State state(UUID run) {
        if (!places.tryAcquire()) {
            return State.UNKNOWN;
        }
        try {
            return waitFor(run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return State.UNKNOWN;
        } finally {
            places.release();
        }
    }

    private State waitFor(UUID run) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        State state = read(run);
        while (!state.over() && System.nanoTime() - deadline < 0) {
            Thread.sleep(PAUSE);
            state = read(run);
        }
        return state;
    }

    /** A run that was deleted with its user integration is over. */
    private State read(UUID run) {
        return runs.end(run, (row, _) -> {
                    String id = row.getString("account_id");
                    String name = row.getString("account_name");
                    boolean known = row.getBoolean("well") && (id != null || name != null);
                    return new State(row.getBoolean("over"), known ? new FoundAccount(id, name) : null);
                })
                .orElse(new State(true, null));
    }
}
