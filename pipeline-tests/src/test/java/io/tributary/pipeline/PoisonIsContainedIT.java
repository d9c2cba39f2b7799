package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.plugin.PoisonIntegration;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.standalone.servers.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * PoisonIsContained: tasks that end their JVM, exhaust its memory, or never end, in a worker that is started again each
 * time it dies. Each is set aside with its code, and all else in its run and in others is done.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoisonIsContainedIT {

    private static final Topics TOPICS = new Topics("poison");
    private static final Duration WITHIN = Duration.ofMinutes(5);
    /** What becomes of the poisoned task of a run. */
    private static final Map<String, String> CODES = Map.of(
            "exits", "polling.taskExecutionFailed",
            "halts", "polling.taskExecutionFailed",
            "kills", "polling.taskExecutionFailed",
            "leaks", "polling.taskKilledWorker",
            "spins", "polling.taskTimedOut",
            "blocks", "polling.taskTimedOut");

    /** The way of each run: a key of {@link #CODES}, or healthy. */
    private final Map<UUID, String> runs = new LinkedHashMap<>();

    private final Map<UUID, RunProgress> ends = new HashMap<>();
    private final Map<UUID, Integer> outputs = new HashMap<>();
    private final Map<UUID, String> deadLetters = new HashMap<>();

    @BeforeAll
    void unfold(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        String kafka = TestServers.kafka().bootstrapServers();
        String registry = TestServers.registry().url();
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            TOPICS.createMissing(admin, 2, (short) 1);
        }
        Path plugin = PluginJar.pack(folder, PoisonIntegration.class);
        var settings = Map.of("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka, "TRIBUTARY_TOPICS_PARTITIONS", "2");
        try (var worker = new WorkerFleet("poison", folder, plugin, settings);
                var publisher = new PublishRuns(TOPICS, kafka, registry);
                var reader = new ReadCommitted(kafka, registry, List.of(TOPICS.output(), TOPICS.deadLetters()))) {
            for (String how : CODES.keySet()) {
                begin(how, worker, publisher);
                begin("healthy", worker, publisher);
            }
            worker.start(1);
            Instant deadline = Instant.now().plus(WITHIN);
            int deaths = 0;
            while (!ends.keySet().containsAll(runs.keySet())) {
                if (Instant.now().isAfter(deadline)) {
                    throw new AssertionError("not all ended within " + WITHIN + ", " + deaths + " deaths: " + runs
                            + ", ended " + ends.keySet());
                }
                reader.readOn(record -> note(record.value()));
                deaths += worker.restartTheDead();
            }
            reader.readToEnd(record -> note(record.value()));
            System.out.println("PoisonIsContainedIT: the worker died " + deaths + " times");
        }
    }

    private void begin(String how, WorkerFleet worker, PublishRuns publisher) {
        UUID account = UUID.randomUUID();
        worker.connect(account, "poison");
        UUID run = UUID.randomUUID();
        runs.put(run, how);
        publisher.publish(run, account, "poison", "list", "{\"how\":\"" + how + "\"}");
    }

    private void note(SpecificRecord message) {
        switch (message) {
            case Output output -> outputs.merge(output.getRunId(), 1, Integer::sum);
            case DeadLetter letter ->
                deadLetters.merge(
                        letter.getTask().getRunId(), letter.getErrorCode(), (one, other) -> one + " and " + other);
            case RunProgress progress
            when progress.getStatus() != RunStatus.running -> ends.put(progress.getRunId(), progress);
            default -> {}
        }
    }

    @Test
    void setsThePoisonedTasksAsideWithTheirCodes() {
        assertThat(runs)
                .allSatisfy(
                        (run, how) -> assertThat(deadLetters.get(run)).as(how).isEqualTo(CODES.get(how)));
    }

    @Test
    void doesAllElse() {
        assertThat(runs).allSatisfy((run, how) -> {
            boolean healthy = how.equals("healthy");
            assertThat(outputs.get(run)).as(how).isEqualTo(PoisonIntegration.ITEMS - (healthy ? 0 : 1));
            RunProgress end = Objects.requireNonNull(ends.get(run));
            assertThat(end.getStatus()).as(how).isEqualTo(healthy ? RunStatus.succeeded : RunStatus.partial);
            assertThat(end.getSpawned()).as(how).isEqualTo(PoisonIntegration.ITEMS);
            assertThat(end.getCompleted()).as(how).isEqualTo(PoisonIntegration.ITEMS + (healthy ? 1 : 0));
            assertThat(end.getFailed()).as(how).isEqualTo(healthy ? 0 : 1);
        });
    }
}
