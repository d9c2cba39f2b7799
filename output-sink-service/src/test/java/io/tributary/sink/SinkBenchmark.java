package io.tributary.sink;

import com.sun.management.OperatingSystemMXBean;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.KafkaServerProcess;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.TestServers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/**
 * Measures the sink on real servers: rows a second, and CPU microseconds a row of sink and Postgres together (the broker
 * runs apart and is not counted). Run it as a program, on Linux; argument: rows a phase [200,000].
 *
 * <p>Each phase fills the topic while no sink runs, starts one, and counts from the first fifth of the rows to the last
 * row, so that start-up counts nowhere. Phases: {@code warm-up}; {@code new} rows of 1 KB; the same again {@code
 * unchanged}; the same ids with {@code changed} content.
 */
final class SinkBenchmark {

    private static final int USER_INTEGRATIONS = 20;
    private static final int CONTENT_CHARACTERS = 1_024;
    private static final int TICKS_TO_MICROS = 10_000;

    private final KafkaServerProcess kafka;
    private final SinkDatabase database;
    private final Topics topics = new Topics("bench");
    private final AvroSerializer<SpecificRecord> serializer = new AvroSerializer<>();
    private final long postmaster;

    private SinkBenchmark(KafkaServerProcess kafka, SinkDatabase database, long postmaster) {
        this.kafka = kafka;
        this.database = database;
        this.postmaster = postmaster;
        serializer.configure(
                Map.of("schema.registry.url", TestServers.registry().url()), false);
    }

    /** @param arguments rows a phase */
    public static void main(String[] arguments) throws IOException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200_000;
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "sink-benchmark-");
        try (var kafka = KafkaServerProcess.start(folder.resolve("kafka"), 0);
                var postgres = PostgresServer.start(folder.resolve("postgres"), 0);
                var database = SinkDatabase.on(postgres)) {
            Path pid = folder.resolve("postgres").resolve("data").resolve("postmaster.pid");
            new SinkBenchmark(
                            kafka,
                            database,
                            Long.parseLong(Files.readAllLines(pid).getFirst().strip()))
                    .run(rows);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private void run(int rows) {
        try (Admin admin = Admin.create(kafkaSettings())) {
            topics.createMissing(admin, 8, (short) 1);
        }
        List<UUID> warm = userIntegrations();
        phase("warm-up", warm, rows / 2, 0);
        List<UUID> measured = userIntegrations();
        phase("new", measured, rows, 0);
        phase("unchanged", measured, rows, 0);
        phase("changed", measured, rows, 1);
    }

    private void phase(String name, List<UUID> userIntegrations, int rows, int version) {
        List<UUID> runs = fill(userIntegrations, rows, version);
        JdbcTemplate owner = database.owner();
        owner.execute("checkpoint");
        Measure from;
        Measure to;
        try (var sink = RunningSink.start(
                database, kafka.bootstrapServers(), topics.prefix(), "bench", "--logging.level.io.tributary=warn")) {
            awaitSaved(runs, rows / 5);
            from = measure(runs);
            awaitSaved(runs, rows);
            to = measure(runs);
        }
        double counted = to.saved - from.saved;
        System.out.printf(
                "%-10s %,9.0f rows/s  sink %5.1f + postgres %5.1f = %5.1f CPU us a row  heap %d MB%n",
                name,
                counted / Duration.between(from.at, to.at).toNanos() * 1e9,
                (to.sinkMicros - from.sinkMicros) / counted,
                (to.postgresMicros - from.postgresMicros) / counted,
                (to.sinkMicros - from.sinkMicros + to.postgresMicros - from.postgresMicros) / counted,
                (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20);
    }

    private record Measure(Instant at, long saved, long sinkMicros, long postgresMicros) {}

    private Measure measure(List<UUID> runs) {
        return new Measure(Instant.now(), saved(runs), sinkMicros(), postgresMicros());
    }

    private void awaitSaved(List<UUID> runs, long rows) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> saved(runs) >= rows);
    }

    private long saved(List<UUID> runs) {
        return Objects.requireNonNull(database.owner()
                .queryForObject(
                        "select coalesce(sum(outputs_saved), 0) from sync_run where id = any(?)", Long.class, (Object)
                                runs.toArray(UUID[]::new)));
    }

    /** Puts a run of each user integration on the topic, interleaved as workers interleave them; returns the runs. */
    private List<UUID> fill(List<UUID> userIntegrations, int rows, int version) {
        List<UUID> runs = new ArrayList<>();
        for (UUID userIntegration : userIntegrations) {
            runs.add(Objects.requireNonNull(database.owner()
                    .queryForObject(
                            "insert into sync_run (user_integration_id, user_id, integration_domain, trigger)"
                                    + " values (?, 'alice', 'gmail', 'backfill') returning id",
                            UUID.class,
                            userIntegration)));
        }
        var random = new Random(version);
        int each = rows / userIntegrations.size();
        try (var producer =
                new KafkaProducer<>(kafkaSettings(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < each; i++) {
                for (int u = 0; u < userIntegrations.size(); u++) {
                    send(producer, output(userIntegrations.get(u), runs.get(u), i, content(random)));
                }
            }
            for (int u = 0; u < userIntegrations.size(); u++) {
                send(producer, end(userIntegrations.get(u), runs.get(u), each));
            }
        }
        return runs;
    }

    private void send(KafkaProducer<byte[], byte[]> producer, SpecificRecord record) {
        int userIntegrationId =
                record.getSchema().getField("user_integration_id").pos();
        byte[] key = record.get(userIntegrationId).toString().getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topics.output(), key, serializer.serialize(topics.output(), record)));
    }

    private static Output output(UUID userIntegration, UUID run, int i, String content) {
        return Output.newBuilder()
                .setRunId(run)
                .setTaskId(run)
                .setIndex(i)
                .setUserIntegrationId(userIntegration)
                .setDomain("gmail")
                .setKind(OutputKind.content)
                .setExternalId(Long.toHexString(i * 0x9E3779B97F4A7C15L))
                .setExternalTimestamp(Instant.ofEpochSecond(1_700_000_000L + i))
                .setName("subject " + i)
                .setContent(content)
                .setMetadata(
                        "{\"threadId\":\"t" + i + "\",\"from\":\"a@mail.example\",\"labels\":[\"INBOX\",\"UNREAD\"]}")
                .build();
    }

    private static RunProgress end(UUID userIntegration, UUID run, int outputs) {
        return RunProgress.newBuilder()
                .setRunId(run)
                .setUserIntegrationId(userIntegration)
                .setSpawned(outputs)
                .setCompleted(outputs + 1L)
                .setFailed(0)
                .setOutputs(outputs)
                .setStatus(RunStatus.succeeded)
                .setAt(Instant.now())
                .build();
    }

    private static String content(Random random) {
        var text = new StringBuilder(CONTENT_CHARACTERS);
        while (text.length() < CONTENT_CHARACTERS) {
            text.append(Integer.toString(random.nextInt(1 << 20), 36)).append(' ');
        }
        return text.substring(0, CONTENT_CHARACTERS);
    }

    private List<UUID> userIntegrations() {
        return database.owner()
                .queryForList(
                        "insert into user_integration (user_id, integration_domain, name)"
                                + " select 'alice', 'gmail', 'mail' from generate_series(1, " + USER_INTEGRATIONS
                                + ") returning id",
                        UUID.class);
    }

    private Map<String, Object> kafkaSettings() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "compression.type", "lz4", "linger.ms", 5);
    }

    private static long sinkMicros() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1_000;
    }

    /** Of the server, its living processes and those that ended. */
    private long postgresMicros() {
        long ticks = ticks(postmaster, 4);
        for (ProcessHandle process :
                ProcessHandle.of(postmaster).orElseThrow().children().toList()) {
            ticks += ticks(process.pid(), 2);
        }
        return ticks * TICKS_TO_MICROS;
    }

    /** @param kinds 2: user and system time; 4: those of ended children too */
    private static long ticks(long pid, int kinds) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int kind = 0; kind < kinds; kind++) {
                ticks += Long.parseLong(fields[11 + kind]);
            }
            return ticks;
        } catch (IOException e) {
            return 0; // it ended just now, and is in its parent's count
        }
    }
}
