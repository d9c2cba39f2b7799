package io.tributary.scheduler.runs;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Waits for a run that asks whose account it is, on the thread of the request: for so long at most, and for so many at
 * once, so that accounts that do not answer leave the API its threads.
 */
@Component
class AwaitAccount {

    /** Requests of this replica that wait at once; what is more is answered without the account. */
    private static final int MOST_WAITING = 20;

    private static final Duration PAUSE = Duration.ofMillis(100);

    private static final String READ = """
        select r.finished_at is not null as over, r.status = 'succeeded' as well, i.account_id, i.account_name
        from sync_run r
        join user_integration i on i.id = r.user_integration_id
        where r.id = :run
        """;

    private final JdbcClient jdbc;
    private final Duration atMost;
    private final Semaphore places = new Semaphore(MOST_WAITING);

    AwaitAccount(JdbcClient jdbc, TrialProperties properties) {
        this.jdbc = jdbc;
        this.atMost = properties.patience();
    }

    /**
     * How a trial is answered.
     *
     * @param patience for the end of its run at most, 0 to 20 s; default 5 s
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
     * @param id the provider's id of it; null: it has none
     * @param name what a person would call it; null: unknown
     */
    record FoundAccount(@Nullable String id, @Nullable String name) {}

    private record State(boolean over, @Nullable FoundAccount account) {}

    /** The account that a run has found; empty: none, or not within the time. */
    Optional<FoundAccount> of(UUID run) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return waitFor(run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            places.release();
        }
    }

    private Optional<FoundAccount> waitFor(UUID run) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        State state = read(run);
        while (!state.over() && System.nanoTime() - deadline < 0) {
            Thread.sleep(PAUSE);
            state = read(run);
        }
        return Optional.ofNullable(state.account());
    }

    /** A run that is gone with its user integration is over. */
    private State read(UUID run) {
        return jdbc.sql(READ)
                .param("run", run)
                .query((row, _) -> {
                    String id = row.getString("account_id");
                    String name = row.getString("account_name");
                    boolean known = row.getBoolean("well") && (id != null || name != null);
                    return new State(row.getBoolean("over"), known ? new FoundAccount(id, name) : null);
                })
                .optional()
                .orElse(new State(true, null));
    }
}
