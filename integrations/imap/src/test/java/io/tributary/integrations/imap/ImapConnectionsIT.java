package io.tributary.integrations.imap;

import static io.tributary.integrations.imap.ScriptedImapServer.PASSWORD;
import static io.tributary.integrations.imap.ScriptedImapServer.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.ConnectedAccount;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections are kept while they are of use, given to nobody else, and never left behind. */
class ImapConnectionsIT {

    private static final Task LIST = new Task(ListMessages.TYPE, JsonObject.EMPTY, 1);

    private ImapIntegration integration = new ImapIntegration();
    private ScriptedImapServer server;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedImapServer.plain();
        server.add("Subject: 1\r\n\r\n");
    }

    @AfterEach
    void stop() throws Exception {
        integration.close();
        server.close();
    }

    @Test
    void oneServesAllTasksOfAnAccountThatComeOneByOne() throws Exception {
        ConnectedAccount account = account();
        account.sync();
        account.sync();

        assertThat(server.connections()).isOne();
        assertThat(server.commands("AUTHENTICATE")).hasSize(1);
    }

    @Test
    void tasksAtTheSameTimeHaveOneEach() throws Exception {
        ConnectedAccount account = account();
        var barrier = new CyclicBarrier(ImapIntegration.CONCURRENCY);
        server.script((command, session) -> {
            if (command.startsWith("EXAMINE")) {
                meet(barrier);
            }
            return false;
        });
        for (int round = 0; round < 3; round++) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var tasks = Collections.nCopies(ImapIntegration.CONCURRENCY, (Callable<TaskResult>)
                        () -> integration.run(LIST, account.context()));
                for (var task : threads.invokeAll(tasks)) {
                    assertThat(task.get().tasks()).hasSize(1);
                }
            }
        }

        assertThat(server.commands("EXAMINE")).hasSize(3 * ImapIntegration.CONCURRENCY);
        assertThat(server.connections()).isEqualTo(ImapIntegration.CONCURRENCY);
    }

    @Test
    void oneThatTheServerClosedIsReplaced() throws Exception {
        ConnectedAccount account = account();
        account.sync();
        server.hangUp();
        server.add("Subject: 2\r\n\r\n");

        assertThat(account.sync().outputs()).hasSize(1);
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void noneIsUsedForOtherCredentialsOrAnotherConfig() throws Exception {
        ConnectedAccount account = account();
        account.sync();

        assertThat(account.credentials(Map.of("username", USER, "password", "wrong"))
                        .sync()
                        .failureCodes())
                .containsExactly("imap.authFailed");
        account.credentials(Map.of("username", USER, "password", PASSWORD))
                .config("host", "localhost")
                .sync();
        account().sync();

        assertThat(server.connections()).isEqualTo(4);
    }

    @Test
    void oneThatIsIdleForLongIsClosedWithAGoodbye() throws Exception {
        integration.close();
        integration = new ImapIntegration(Duration.ofMillis(50));
        account().sync();

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(server.openConnections()).isZero());
        assertThat(server.commands()).endsWith("LOGOUT");
    }

    @Test
    void allAreClosedAtTheEnd() throws Exception {
        account().sync();
        account().sync();
        assertThat(server.openConnections()).isEqualTo(2);

        integration.close();

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(server.openConnections()).isZero());
        assertThat(server.commands("LOGOUT")).hasSize(2);
    }

    @Test
    void oneThatBreaksIsNotKept() throws Exception {
        server.script((command, session) -> {
            if (command.startsWith("UID SEARCH")) {
                session.hangUp();
                return true;
            }
            return false;
        });

        assertThat(account().sync().failureCodes()).containsExactly("imap.unreachable");

        assertThat(server.connections()).as("one each attempt").isEqualTo(3);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(server.openConnections()).isZero());
    }

    @Test
    void oneThatRefusedSomethingIsAsGoodAsBefore() throws Exception {
        server.refuse("EXAMINE", "NO [UNAVAILABLE] not now");
        ConnectedAccount account = account();

        assertThat(account.sync().failureCodes()).containsExactly("imap.serverUnavailable");

        assertThat(server.connections()).isOne();
        server.script((command, session) -> false);
        assertThat(account.sync().outputs()).hasSize(1);
        assertThat(server.connections()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UID SEARCH", "AUTHENTICATE"})
    void anInterruptEndsAReadAndALogin(String awaited) throws Exception {
        var asked = new CountDownLatch(1);
        server.script((command, session) -> {
            if (command.startsWith(awaited)) {
                asked.countDown();
                return true;
            }
            return false;
        });

        assertThat(interruptedRun(asked)).isInstanceOf(InterruptedException.class);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(server.openConnections()).isZero());
    }

    private @Nullable Throwable interruptedRun(CountDownLatch asked) throws Exception {
        ConnectedAccount account = account();
        var thrown = new AtomicReference<@Nullable Throwable>();
        Thread task = Thread.ofVirtual().start(() -> {
            try {
                integration.run(LIST, account.context());
            } catch (Exception e) {
                thrown.set(e);
            }
        });
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

        task.interrupt();

        assertThat(task.join(Duration.ofSeconds(10))).isTrue();
        return thrown.get();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private ConnectedAccount account() {
        return ConnectedAccount.of(integration)
                .config("host", "127.0.0.1")
                .config("port", server.port())
                .config("security", "none")
                .credentials(Map.of("username", USER, "password", PASSWORD));
    }
}
