package io.tributary.integrations.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConnectedAccountIT {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final ScriptedHttpServer shop = ScriptedHttpServer.start();
    private final SettableClock clock = SettableClock.at(START);
    private final ConnectedAccount account = ConnectedAccount.of(new ShopIntegration())
            .clock(clock)
            .config("baseUrl", shop.uri().toString());

    @BeforeEach
    void open() {
        shop.get("/items", request -> ScriptedAnswer.json("ids", List.of("1", "2", "3")));
        shop.get("/items/{id}", request -> ScriptedAnswer.json("name", "Item " + request.variable("id")));
        shop.get("/me", request -> ScriptedAnswer.json("id", "shop-7"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void syncsOverOneConnection() throws Exception {
        InMemoryRun run = account.sync();

        assertThat(run.outputs()).extracting(Output::name).containsExactly("Item 1", "Item 2", "Item 3");
        assertThat(shop.requests()).hasSize(4);
        assertThat(shop.connections()).isEqualTo(1);
    }

    @Test
    void waitsAsLongAsTheProviderAsks() throws Exception {
        shop.inject(Fault.rateLimited(Duration.ofSeconds(90)), When.request(2));
        shop.inject(Fault.rateLimitedUntil(START.plusSeconds(1000)), When.request(3));
        shop.inject(Fault.quotaExhausted(START.plusSeconds(5000)), When.request(4));

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(3);
        assertThat(run.waits())
                .containsExactly(Duration.ofSeconds(90), Duration.ofSeconds(910), Duration.ofSeconds(4000));
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(5000));
    }

    @Test
    void triesAgainAfterAWaitAndGivesUpAtLast() throws Exception {
        shop.inject(Fault.status(503), When.next().at("/items/2").times(3));

        InMemoryRun run = account.sync();

        assertThat(run.failureCodes()).containsExactly("shop.providerFailed");
        assertThat(shop.requests("/items/2")).hasSize(3);
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(2 + 4));
        assertThat(account.syncState()).isEqualTo(JsonObject.EMPTY);
    }

    @Test
    void executesTheSameTaskAgainAfterACrash() throws Exception {
        var made = new ArrayList<ShopIntegration>();
        try (var restarting = ConnectedAccount.ofNew(() -> {
            made.add(new ShopIntegration());
            return made.getLast();
        })) {
            InMemoryRun run = restarting
                    .config("baseUrl", shop.uri().toString())
                    .crashAfterTask(3)
                    .sync();

            assertThat(shop.requests("/items/2")).hasSize(2);
            assertThat(run.outputs()).extracting(Output::externalId).containsExactly("1", "2", "3");
            assertThat(run.outputs()).extracting(Output::content).doesNotHaveDuplicates();
            assertThat(made).hasSize(2);
            assertThat(made.getFirst().closed).isTrue();

            restarting.sync();
            assertThat(made).hasSize(2);
        }
        assertThat(made.getLast().closed).isTrue();
    }

    @Test
    void keepsAStateForEachSyncType() throws Exception {
        account.sync();
        InMemoryRun reviews = account.sync("reviews", Options.NONE);

        assertThat(reviews.tasks()).hasSize(1);
        assertThat(account.syncState()).isEqualTo(JsonObject.of("listed", 3));
        assertThat(account.syncState("reviews")).isEqualTo(JsonObject.of("reviewed", true));
    }

    @Test
    void meetsAnExpiredToken() throws Exception {
        shop.acceptOnly("new");
        InMemoryRun old = account.credentials(Map.of("accessToken", "old")).sync();
        InMemoryRun renewed = account.credentials(Map.of("accessToken", "new")).sync();

        assertThat(old.failures()).singleElement().isInstanceOf(TaskFailure.Unauthorized.class);
        assertThat(renewed.outputs()).hasSize(3);
    }

    @Test
    void renewsRefusedCredentialsOnce() throws Exception {
        shop.acceptOnly("new");
        InMemoryRun run = account.credentials(Map.of("accessToken", "old"))
                .renewing(() -> Map.of("accessToken", "new"))
                .sync();

        assertThat(run.outputs()).hasSize(3);
        assertThat(run.tasks()).allMatch(task -> task.attempt() == 1);
        assertThat(shop.requests()).hasSize(2 + 4);
        assertThat(account.context().credentials().find("accessToken")).contains("new");

        shop.acceptOnly("another");
        assertThat(account.sync().failures()).singleElement().isInstanceOf(TaskFailure.Unauthorized.class);
    }

    @Test
    void interruptsATaskThatRunsForTooLong() throws Exception {
        shop.inject(
                Fault.slow(Duration.ofMinutes(5)), When.next().at("/items/2").times(3));

        InMemoryRun run = account.taskTimeout(Duration.ofMillis(300)).sync();

        assertThat(run.failureCodes()).containsExactly("polling.taskTimedOut");
        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("1", "3");
    }

    @Test
    void interruptsTheTaskWhenTheTestIsInterrupted() throws Exception {
        var ended = new CountDownLatch(1);
        var hanging = ConnectedAccount.of(new Doing(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        ended.countDown();
                    }
                    return TaskResult.nothing();
                }))
                .taskTimeout(Duration.ofMinutes(5));

        Thread.currentThread().interrupt();

        assertThatThrownBy(hanging::sync).isInstanceOf(InterruptedException.class);
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void endsARunThatGoesOnForEver() {
        var endless = ConnectedAccount.of(
                new Doing(() -> TaskResult.ofTasks(List.of(new FollowUp("list", JsonObject.EMPTY)))));

        assertThatThrownBy(endless::sync).isInstanceOf(AssertionError.class).hasMessageContaining("100000 tasks");
    }

    /** A shop of which each task does the same. */
    private record Doing(Step step) implements Integration {

        interface Step {
            TaskResult run() throws InterruptedException;
        }

        @Override
        public Manifest manifest() {
            return new ShopIntegration().manifest();
        }

        @Override
        public TaskResult run(Task task, TaskContext context) throws InterruptedException {
            return step.run();
        }
    }

    @Test
    void doesSomethingBetweenTasks() throws Exception {
        var numbers = new ArrayList<Integer>();

        account.afterEachTask(numbers::add).sync();
        account.sync();

        assertThat(numbers).containsExactly(1, 2, 3, 4);
    }

    @Test
    void connects() throws Exception {
        assertThat(account.identify().id()).isEqualTo("shop-7");

        shop.inject(Fault.unauthorized(), When.next().times(2));
        assertThatThrownBy(account::identify).isInstanceOf(TaskFailure.Unauthorized.class);
    }
}
