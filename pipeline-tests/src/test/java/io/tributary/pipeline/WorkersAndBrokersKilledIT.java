package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.pipeline.plugin.TreeIntegration;
import io.tributary.schemas.Output;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.standalone.servers.KafkaCluster;
import io.tributary.standalone.servers.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * NothingLost, NothingTwice, CompletionIsProven and PoisonIsContained of the worker, while workers and brokers are
 * killed by signal 9 at random moments of work. Three workers, three brokers that replicate to each other; runs walk
 * random trees of tasks that page, recover, fail and are throttled; some initial tasks are delivered twice.
 *
 * <p>{@code -Dpipeline.kills=200} kills that often (default 10) and {@code -Dpipeline.seconds=3600} goes on for that
 * long at most (default 100, for machines that are slow); {@code -Dpipeline.seed=N} chooses trees and victims. At which
 * moment of a transaction a kill strikes is not up to the seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkersAndBrokersKilledIT {

    private static final Topics TOPICS = new Topics("killed");
    private static final int PARTITIONS = 6;
    private static final int WORKERS = 3;
    private static final int ACCOUNTS = 12;
    /**
     * How long nothing at all may come; what is silent for longer is stuck. On a slow machine a start takes a minute.
     */
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private final int kills = Integer.getInteger("pipeline.kills", 10);
    private final Duration atMost = Duration.ofSeconds(Integer.getInteger("pipeline.seconds", 100));
    private final long seed = Long.getLong("pipeline.seed", new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);
    /** Each account's last run. */
    private final Map<UUID, Run> lastRuns = new LinkedHashMap<>();

    private final List<Run> runs = new ArrayList<>();
    private final Set<UUID> over = new HashSet<>();
    private final RunLedger ledger = new RunLedger();
    private final Silences silences = new Silences(Duration.ofSeconds(1));
    private long outputs;
    private int killed;
    private int diedAlone;

    private WorkerFleet workers;
    private KafkaCluster brokers;
    private PublishRuns publisher;
    private ReadCommitted reader;

    /** @param seed of the tree it walks */
    private record Run(UUID id, UUID account, long seed) {}

    @SuppressWarnings("NullAway.Init") // unfold() sets them
    WorkersAndBrokersKilledIT() {}

    @BeforeAll
    void unfold(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        say("seed " + seed + ": run again with -Dpipeline.seed=" + seed + " -Dpipeline.kills=" + kills);
        Instant start = Instant.now();
        try (var cluster = KafkaCluster.start(folder.resolve("kafka"))) {
            brokers = cluster;
            createTopics();
            String registry = TestServers.registry().url();
            try (var fleet = new WorkerFleet("killed", folder, PluginJar.pack(folder, TreeIntegration.class), kafka());
                    var publish = new PublishRuns(TOPICS, cluster.bootstrapServers(), registry);
                    var live = read(TOPICS.output())) {
                workers = fleet;
                publisher = publish;
                reader = live;
                connectAccounts();
                fleet.start(WORKERS);
                Instant end = Instant.now().plus(atMost);
                while (killed < kills && Instant.now().isBefore(end)) {
                    kill();
                }
                say("longest silences of a partition under kills: " + silences);
                goOnUntil(() -> runs.stream().allMatch(run -> over.contains(run.id())), false);
            }
            try (var audit = read(TOPICS.output(), TOPICS.deadLetters())) {
                audit.readToEnd(record -> ledger.enter(record.value()));
            }
        }
        say(killed + " kills, " + runs.size() + " runs, " + ledger.outputs() + " outputs, " + diedAlone
                + " workers ended by themselves, "
                + Duration.between(start, Instant.now()).toSeconds() + " s");
    }

    /** Kills when so many further outputs were read. No second broker before the last one has caught up again. */
    private void kill() {
        long next = outputs + random.nextInt(50, 600);
        goOnUntil(() -> outputs >= next, true);
        boolean isBroker = killed == 0 || (killed > 1 && random.nextBoolean() && brokers.isInSync());
        int victim = random.nextInt(isBroker ? KafkaCluster.BROKERS : WORKERS);
        killed++;
        say("kill " + killed + ": " + (isBroker ? "broker " : "worker ") + victim + " after " + outputs + " outputs");
        if (isBroker) {
            brokers.killAndRestart(victim);
        } else {
            workers.killAndRestart(victim);
        }
    }

    /** Reads on, and while there are kills to come gives each account a new run when its last one is over. */
    private void goOnUntil(BooleanSupplier reached, boolean moreRuns) {
        Instant heard = Instant.now();
        while (!reached.getAsBoolean()) {
            if (reader.readOn(this::note) > 0) {
                heard = Instant.now();
            }
            if (Duration.between(heard, Instant.now()).compareTo(SILENCE) > 0) {
                throw new AssertionError("seed " + seed + ": nothing came for " + SILENCE + "; not over are "
                        + runs.stream().filter(run -> !over.contains(run.id())).toList());
            }
            diedAlone += workers.restartTheDead();
            if (moreRuns) {
                lastRuns.values().stream()
                        .filter(run -> over.contains(run.id()))
                        .map(Run::account)
                        .toList()
                        .forEach(this::beginRun);
            }
        }
    }

    private void beginRun(UUID account) {
        var run = new Run(new UUID(random.nextLong(), random.nextLong()), account, random.nextInt(1_000_000_000));
        runs.add(run);
        lastRuns.put(account, run);
        publish(run);
        if (random.nextInt(4) == 0) {
            publish(runs.get(random.nextInt(runs.size())));
        }
    }

    private void publish(Run run) {
        publisher.publish(run.id(), run.account(), "tree", "branch", "{\"seed\":" + run.seed() + ",\"path\":\"\"}");
    }

    private void note(ConsumerRecord<String, SpecificRecord> record) {
        silences.heard(record.partition(), Instant.now());
        if (record.value() instanceof Output) {
            outputs++;
        } else if (record.value() instanceof RunProgress progress && progress.getStatus() != RunStatus.running) {
            over.add(progress.getRunId());
        }
    }

    @Test
    void nothingLost() {
        ledger.assertNothingLost(seeds());
    }

    @Test
    void nothingTwice() {
        ledger.assertNothingTwice(seeds());
    }

    @Test
    void completionIsProven() {
        ledger.assertCompletionIsProven(seeds());
    }

    @Test
    void setsAsideWhatFailsForGoodAndNothingElse() {
        ledger.assertOnlyFailuresAreSetAside(seeds());
    }

    @Test
    void readsTheSameUnderKillsAndAfterwards() {
        assertThat(killed)
                .as("kills, of which the first is a broker's, the second a worker's")
                .isGreaterThan(1);
        assertThat(outputs).isEqualTo(ledger.outputs());
    }

    private Map<UUID, Long> seeds() {
        return runs.stream().collect(Collectors.toMap(Run::id, Run::seed));
    }

    private void createTopics() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", brokers.bootstrapServers()))) {
            TOPICS.createMissing(admin, PARTITIONS, (short) KafkaCluster.BROKERS);
        }
    }

    private void connectAccounts() {
        for (int i = 0; i < ACCOUNTS; i++) {
            UUID account = new UUID(random.nextLong(), random.nextLong());
            workers.connect(account, "tree");
            beginRun(account);
        }
    }

    private ReadCommitted read(String... topics) {
        return new ReadCommitted(
                brokers.bootstrapServers(), TestServers.registry().url(), List.of(topics));
    }

    private Map<String, String> kafka() {
        return Map.of(
                "SPRING_KAFKA_BOOTSTRAP_SERVERS", brokers.bootstrapServers(),
                "TRIBUTARY_TOPICS_PARTITIONS", Integer.toString(PARTITIONS),
                "TRIBUTARY_TOPICS_REPLICATION_FACTOR", Integer.toString(KafkaCluster.BROKERS));
    }

    private static void say(String what) {
        System.out.println(WorkersAndBrokersKilledIT.class.getSimpleName() + ": " + what);
    }
}
