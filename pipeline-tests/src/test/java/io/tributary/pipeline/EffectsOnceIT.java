package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.pipeline.effects.CourierIntegration;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fault: kill -9 of the worker while effects are sent to a provider that counts them. The first kill strikes when the
 * provider has done at least one effect of each action and has answered none; the others strike at random moments.
 * Guarantee: EffectsOnce. No effect is lost. None is doubled if the provider ignores a repeated key or has a look-up.
 * Each other one of which nobody knows whether it happened is one dead letter.
 *
 * <p>{@code -Deffects.kills=1000} kills that often [{@value #KILLS}], and {@code -Deffects.sends=100000} sends that
 * many effects [{@value #SENDS}]; {@code -Deffects.seed=N} repeats what a failure printed. At which moment of a
 * transaction a kill strikes is not up to the seed.
 */
class EffectsOnceIT {

    private static final int KILLS = 5;
    private static final int SENDS = 450;
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final List<String> ACTIONS = List.of("byKey", "byLookUp", "byPerson");
    private static final String UNCERTAIN = "effects.uncertain";

    private final long seed = Long.getLong("effects.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> keys = new ArrayList<>();

    @TempDir
    private Path folder;

    private Pipeline pipeline;
    private CountingCourier courier;
    private Api api;
    private String account;

    @SuppressWarnings("NullAway.Init") // start() sets them
    EffectsOnceIT() {}

    @BeforeEach
    void start() throws IOException {
        courier = CountingCourier.open();
        pipeline = new Pipeline("effectsonce", folder, Map.of())
                .withPlugin(PluginJar.pack(folder, CourierIntegration.class));
        pipeline.startAll();
        api = pipeline.api("ann");
        account = await().atMost(LONG).ignoreException(AssertionError.class).until(this::connect, id -> !id.isEmpty());
    }

    @AfterEach
    void stop() {
        pipeline.close();
        courier.close();
    }

    @Test
    void losesNoneDoublesNoneWithAKeyOrALookUpAndListsEachUncertainOne() {
        int kills = Integer.getInteger("effects.kills", KILLS);
        int sends = Integer.getInteger("effects.sends", SENDS);
        System.out.println("effects.seed=" + seed + " effects.kills=" + kills + " effects.sends=" + sends);
        int part = Math.max(ACTIONS.size(), sends / (kills + 1));
        for (int kill = 0; kill < kills; kill++) {
            if (kill == 0) {
                sendUntilAllActionsExecute(part);
            } else {
                sendUntilSomeWereSent(part);
            }
            pipeline.process("worker").kill();
            courier.goOn();
            pipeline.startWorker();
        }
        send(part);
        await().atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> live() == 0);
        // Dead letters take another topic than the ends of runs.
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(ended())
                        .as("effects that are stored or dead-lettered")
                        .containsAll(keys));

        List<String> letters = letters();
        Set<String> uncertain = new HashSet<>(letters);
        assertThat(letters).as("dead letters, one for a key").hasSameSizeAs(uncertain);
        Set<String> done = done();
        assertThat(done).as("an uncertain effect is not stored").doesNotContainAnyElementsOf(uncertain);
        checkThoseThatExecutedAtTheKill(uncertain);
        for (String key : keys) {
            int times = courier.sent().getOrDefault(key, 0);
            if (uncertain.contains(key)) {
                assertThat(key)
                        .as("only those without a key and a look-up are uncertain")
                        .startsWith("byPerson");
                assertThat(times).as(key).isLessThanOrEqualTo(1);
                assertThat(status(key)).as(key).isEqualTo("uncertain");
            } else {
                assertThat(times).as("times that %s was sent", key).isEqualTo(1);
                assertThat(done).as("the effects that are stored").contains(key);
            }
        }
        System.out.println("effects: " + keys.size() + " sent, " + uncertain.size() + " uncertain, "
                + courier.repeated().size() + " repeated by key, "
                + courier.found().size() + " found by a look-up, "
                + courier.held().size() + " without an answer at the first kill");

        redrive(letters);
    }

    /** Sends effects, and returns once the provider has done some of each action, none of which it answers. */
    private void sendUntilAllActionsExecute(int number) {
        courier.holdAnswers();
        send(number);
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> ACTIONS.stream().noneMatch(action -> held(action).isEmpty()));
    }

    private List<String> held(String action) {
        return courier.held().stream()
                .filter(key -> key.startsWith(action + ":"))
                .toList();
    }

    private void sendUntilSomeWereSent(int number) {
        send(number);
        int enough = courier.sent().size() + 1 + random.nextInt(number / 2);
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> courier.sent().size() >= enough || live() == 0);
    }

    /** The kill struck while they executed: otherwise nobody would have repeated them, or have looked them up. */
    private void checkThoseThatExecutedAtTheKill(Set<String> uncertain) {
        assertThat(courier.repeated().keySet()).as("sent again with their key").containsAll(held("byKey"));
        assertThat(courier.found()).as("found by a look-up").containsAll(held("byLookUp"));
        assertThat(uncertain).as("left to a person").containsAll(held("byPerson"));
    }

    /** A person says that they are to be executed: each is, once more. */
    private void redrive(List<String> uncertain) {
        Map<String, Integer> before = Map.copyOf(courier.sent());
        api.post("/v1/dead-letters:redrive", Map.of("userIntegrationId", account));
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(done()).containsAll(uncertain));
        assertThat(uncertain)
                .allSatisfy(key -> assertThat(courier.sent()).containsEntry(key, before.getOrDefault(key, 0) + 1));
        await().atMost(LONG).until(() -> live() == 0);
        assertThat(letters()).as("no dead letter more").containsExactlyInAnyOrderElementsOf(uncertain);
    }

    private String connect() {
        return api.connect(CourierIntegration.DOMAIN, "courier", Map.of("baseUrl", courier.url()), Map.of());
    }

    private void send(int number) {
        for (int i = 0; i < number; i++) {
            String action = ACTIONS.get(i % ACTIONS.size());
            String key = action + ":" + UUID.randomUUID();
            keys.add(key);
            String path = "/v1/user-integrations/" + account + "/actions/" + action;
            var body = Map.of("key", key, "input", Map.of("text", "Hello"));
            await().atMost(LONG)
                    .pollDelay(Duration.ZERO)
                    .until(() -> api.post(path, body).status() == 202);
        }
    }

    private String status(String key) {
        return api.get("/v1/user-integrations/" + account + "/effects/" + key)
                .body()
                .get("status")
                .asString();
    }

    private long live() {
        return pipeline.database()
                .sql("select count(*) from sync_run where finished_at is null")
                .query(Long.class)
                .single();
    }

    private Set<String> done() {
        return new HashSet<>(pipeline.database()
                .sql("select effect_key from effect")
                .query(String.class)
                .list());
    }

    /** The keys of all dead letters; one that is not an uncertain effect is named by its code. */
    private List<String> letters() {
        return pipeline.database()
                .sql("select case error_code when ? then effect_key else error_code end from dead_letter")
                .param(UNCERTAIN)
                .query(String.class)
                .list();
    }

    private Set<String> ended() {
        Set<String> ended = done();
        ended.addAll(letters());
        return ended;
    }
}
