package io.tributary.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.egress.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who gets a connection, and who waits for one. */
class ConnectionSharesTest {

    private static final Tenant NOISY = Tenant.of("", "noisy");
    private static final Tenant QUIET = Tenant.of("", "quiet");
    private static final Duration NO_TIME = Duration.ZERO;
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ConnectionShares shares = new ConnectionShares(100);

    @Test
    void leavesConnectionsToANeighbourOfATenantWithSlowServers() throws Exception {
        int taken = 0;
        while (shares.take(NOISY, NO_TIME)) {
            taken++;
        }

        assertThat(taken).isEqualTo(75);
        assertThat(shares.take(QUIET, NO_TIME)).isTrue();
    }

    @Test
    void grantsAConnectionThatComesBackToTheTenantThatWaits() throws Exception {
        var one = new ConnectionShares(1);
        one.take(NOISY, NO_TIME);
        var waits = waiting(one, QUIET);

        one.release(NOISY);

        assertThat(waits.get(1, TimeUnit.MINUTES)).isTrue();
        assertThat(one.take(NOISY, NO_TIME)).isFalse();
    }

    @Test
    void servesTenantsInTurn() throws Exception {
        var one = new ConnectionShares(1);
        one.take(NOISY, NO_TIME);
        List<FutureTask<Boolean>> noisy = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            noisy.add(waiting(one, NOISY));
        }
        var quiet = waiting(one, QUIET);

        one.release(NOISY); // to the first that waits, of the noisy one
        noisy.getFirst().get(1, TimeUnit.MINUTES);
        one.release(NOISY);

        assertThat(quiet.get(1, TimeUnit.MINUTES)).isTrue();
        assertThat(noisy.stream().filter(FutureTask::isDone)).hasSize(1);
        one.release(QUIET);
        for (int i = 1; i < 5; i++) {
            noisy.get(i).get(1, TimeUnit.MINUTES);
            one.release(NOISY);
        }
    }

    @Test
    void losesNoConnectionToAnInterruptedRequest() throws Exception {
        var one = new ConnectionShares(1);
        one.take(NOISY, NO_TIME);
        var stopped = new CountDownLatch(1);
        var thread = Thread.ofVirtual().start(() -> {
            try {
                one.take(QUIET, LONG);
            } catch (InterruptedException e) {
                stopped.countDown();
            }
        });
        awaitWaiting(thread);

        thread.interrupt();
        assertThat(stopped.await(1, TimeUnit.MINUTES)).isTrue();
        one.release(NOISY);

        assertThat(one.take(NOISY, NO_TIME)).isTrue();
        assertThatThrownBy(() -> one.release(QUIET)).isInstanceOf(IllegalStateException.class);
    }

    private static FutureTask<Boolean> waiting(ConnectionShares shares, Tenant tenant) {
        var take = new FutureTask<>(() -> shares.take(tenant, LONG));
        awaitWaiting(Thread.ofVirtual().start(take));
        return take;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }
}
