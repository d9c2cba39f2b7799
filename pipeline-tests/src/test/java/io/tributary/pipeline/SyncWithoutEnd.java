package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Connects and syncs one account after the other, whatever is restarted meanwhile, and checks all of them at the end.
 */
final class SyncWithoutEnd implements AutoCloseable {

    private static final int ITEMS = 400;

    private final Pipeline pipeline;
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Map<String, String> accountByRun = new LinkedHashMap<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::work);

    private SyncWithoutEnd(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    static SyncWithoutEnd of(Pipeline pipeline) {
        var started = new SyncWithoutEnd(pipeline);
        started.thread.start();
        return started;
    }

    /** Waits for the end of a run that starts from now on. */
    void awaitAnother(Duration patience) {
        int before = started();
        await("another run").atMost(patience).until(() -> !thread.isAlive() || started() > before + 1);
        assertThat(failure.get()).isNull();
    }

    /** Ends the work, and checks that each run succeeded and that each row is there once. */
    void stopAndCheck(Duration patience) throws InterruptedException {
        over.set(true);
        assertThat(thread.join(patience)).isTrue();
        assertThat(failure.get()).isNull();
        Api api = pipeline.api("ada");
        accountByRun.forEach((run, account) -> {
            assertThat(api.awaitEnd(run, patience).get("status").asString()).isEqualTo("succeeded");
            JsonNode proof = api.proof(run);
            assertThat(proof.get("balanced").asBoolean()).as(proof.toString()).isTrue();
            assertThat(saved(api, account)).isEqualTo(ITEMS);
            assertThat(api.content(account).stream()
                            .map(row -> Objects.requireNonNull(row.get("externalId"))
                                    .asString()))
                    .hasSize(ITEMS)
                    .doesNotHaveDuplicates();
        });
    }

    /** Of all runs of the account: a scheduled run may have found the items before the triggered one. */
    private static int saved(Api api, String account) {
        return StreamSupport.stream(
                        api.get("/v1/sync-runs?userIntegrationId=" + account)
                                .body()
                                .get("items")
                                .spliterator(),
                        false)
                .mapToInt(run -> run.get("outputsSaved").asInt())
                .sum();
    }

    private synchronized int started() {
        return accountByRun.size();
    }

    private synchronized void remember(String run, String account) {
        accountByRun.put(run, account);
    }

    private void work() {
        try {
            while (!over.get()) {
                String account = whenItAnswers(() -> pipeline.api("ada")
                                .tryConnect("hello-world", "hello", Map.of("count", ITEMS), Map.of()))
                        .get("id")
                        .asString();
                String run = whenItAnswers(() ->
                                pipeline.api("ada").post("/v1/user-integrations/" + account + "/trigger", Map.of()))
                        .get("runId")
                        .asString();
                remember(run, account);
                await("the end of a run")
                        .atMost(Duration.ofMinutes(5))
                        .until(() -> !whenItAnswers(() -> pipeline.api("ada").get("/v1/sync-runs/" + run))
                                .path("finishedAt")
                                .asString("")
                                .isEmpty());
            }
        } catch (Throwable e) { // the test asks for it
            failure.set(e);
        }
    }

    private interface Request {
        Api.Answer send();
    }

    /** Repeats a request while the scheduler is restarted. */
    private static JsonNode whenItAnswers(Request request) {
        return await("an answer")
                .atMost(Duration.ofMinutes(4))
                .until(
                        () -> {
                            try {
                                return request.send();
                            } catch (UncheckedIOException e) {
                                return new Api.Answer(0, MissingNode.getInstance());
                            }
                        },
                        answer -> answer.status() / 100 == 2)
                .body();
    }

    @Override
    public void close() throws InterruptedException {
        over.set(true);
        thread.interrupt();
        thread.join();
    }
}
