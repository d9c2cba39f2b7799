package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.SettableClock;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Telegram forgets the updates below the offset of a request: none of them may be unstored by then. */
class TelegramConfirmsIT {

    private static final Path FILE =
            Path.of(System.getProperty("tributary.home"), "integrations/declarative/examples/telegram.yaml");
    private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    private final ScriptedHttpServer telegram = ScriptedHttpServer.start();
    private final TreeMap<Integer, JsonObject> updates = new TreeMap<>();
    private DeclarativeIntegration integration;
    private ConnectedAccount account;

    @BeforeEach
    void connect() throws Exception {
        telegram.get("/{bot}/getUpdates", this::updates);
        integration = DeclarativeIntegration.read(FILE).withPagesOf(3);
        account = ConnectedAccount.of(integration)
                .config("baseUrl", telegram.uri().toString())
                .credentials(Map.of("botToken", "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"))
                .clock(SettableClock.at(NOON.plusSeconds(1_000)));
    }

    @AfterEach
    void close() {
        account.close();
        telegram.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void losesNothingWhenAWorkerDiesAfterATask(int task) throws Exception {
        post(1, 7);
        account.crashAfterTask(task);

        List<Output> first = account.sync().outputs();
        post(8, 9);
        List<Output> second = account.sync().outputs();

        assertThat(first).extracting(Output::externalId).containsExactly(ids(1, 7));
        assertThat(second).extracting(Output::externalId).containsExactly(ids(8, 9));
    }

    @Test
    void requestsTheNextPageOnlyOnceThisOneIsCommitted() throws Exception {
        post(1, 7);

        TaskResult page = integration.run(new Task("updates", JsonObject.EMPTY, 1), account.context());

        assertThat(page.tasks()).extracting(FollowUp::startsAfterCommit).containsExactly(true);
        assertThat(updates).hasSize(7);
    }

    @Test
    void confirmsNothingInARunOverDates() throws Exception {
        post(1, 7);

        account.sync(new Options(NOON.plusSeconds(2), null, false));

        assertThat(updates).hasSize(7);
        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly(ids(1, 7));
    }

    private void post(int from, int to) {
        IntStream.rangeClosed(from, to).forEach(id -> updates.put(id, update(id)));
    }

    private static JsonObject update(int id) {
        return JsonObject.of("update_id", id)
                .with(
                        "channel_post",
                        JsonObject.of("message_id", id)
                                .with("date", NOON.getEpochSecond() + id)
                                .with("text", "Post " + id)
                                .with("chat", Map.of("id", -100, "type", "channel", "title", "Rivers")));
    }

    private static String[] ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(id -> "-100:" + id).toArray(String[]::new);
    }

    private synchronized ScriptedAnswer updates(ReceivedRequest request) {
        int offset = request.query("offset").map(Integer::parseInt).orElse(0);
        int limit = request.query("limit").map(Integer::parseInt).orElse(100);
        updates.headMap(offset).clear();
        return ScriptedAnswer.json(JsonObject.of("ok", true)
                .with("result", updates.values().stream().limit(limit).toList()));
    }
}
