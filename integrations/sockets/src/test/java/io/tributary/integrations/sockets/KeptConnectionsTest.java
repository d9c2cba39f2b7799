package io.tributary.integrations.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tributary.integrations.api.TaskFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeptConnectionsTest {

    private final List<FakeConnection> opened = new ArrayList<>();
    private KeptConnections<String, FakeConnection> connections =
            new KeptConnections<>("test", KeptConnections.MAX_IDLE_TIME);

    @AfterEach
    void close() {
        connections.close();
    }

    @Test
    void oneServesTheTasksOfAnEqualAccountOnly() throws Exception {
        use("ada");
        use("ada");
        use("bob");

        assertThat(opened).hasSize(2);
    }

    @Test
    void oneThatWasBrokenWhileIdleIsReplaced() throws Exception {
        use("ada");

        String result = connections.use("ada", this::open, connection -> {
            if (connection == opened.getFirst()) {
                connection.broken = true;
                throw failure();
            }
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(opened).hasSize(2);
        assertThat(opened.getFirst().closed).isTrue();
    }

    @Test
    void aNewOneThatBreaksFailsTheTask() {
        assertThatThrownBy(() -> connections.use("ada", this::open, connection -> {
                    connection.broken = true;
                    throw failure();
                }))
                .isInstanceOf(TaskFailure.Transient.class);
        assertThat(opened)
                .singleElement()
                .satisfies(connection -> assertThat(connection.closed).isTrue());
    }

    @Test
    void oneIsKeptAfterAFailureOfTheTaskAndClosedAfterAnUnforeseenOne() throws Exception {
        assertThatThrownBy(() -> connections.use("ada", this::open, connection -> {
                    throw failure();
                }))
                .isInstanceOf(TaskFailure.Transient.class);
        assertThatThrownBy(() -> connections.use("ada", this::open, connection -> {
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        use("ada");

        assertThat(opened).hasSize(2);
        assertThat(opened.getFirst().closed).isTrue();
    }

    @Test
    void oneThatIsIdleForLongIsClosed() throws Exception {
        connections = new KeptConnections<>("test", Duration.ofMillis(20));
        use("ada");

        await().atMost(Duration.ofMinutes(1)).until(() -> opened.getFirst().closed);
    }

    @Test
    void moreIdleOnesThanTheBoundAreClosedOldestFirst() throws Exception {
        for (int i = 0; i <= KeptConnections.MAX_IDLE; i++) {
            use("account " + i);
        }

        assertThat(opened).filteredOn(connection -> connection.closed).containsExactly(opened.getFirst());
    }

    @Test
    void noneIsKeptAfterTheEnd() throws Exception {
        use("ada");
        connections.close();
        use("bob");

        assertThat(opened).hasSize(2).allMatch(connection -> connection.closed);
    }

    private void use(String account) throws Exception {
        connections.use(account, this::open, connection -> "done");
    }

    private FakeConnection open() {
        var connection = new FakeConnection();
        opened.add(connection);
        return connection;
    }

    private static TaskFailure failure() {
        return new TaskFailure.Transient("test.failed", "It failed.", null);
    }

    private static final class FakeConnection implements KeptConnections.Connection {
        private volatile boolean broken;
        private volatile boolean closed;

        @Override
        public boolean isBroken() {
            return broken;
        }

        @Override
        public void logout() {
            disconnect();
        }

        @Override
        public void disconnect() {
            closed = true;
        }
    }
}
