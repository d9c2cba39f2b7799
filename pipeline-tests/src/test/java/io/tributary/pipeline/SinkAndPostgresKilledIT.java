package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.PostgresServer;
import io.tributary.standalone.servers.TestServers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Fault: kill -9 of sinks, of Postgres as a whole and of its backends, at random, while outputs come in. Guarantees:
 * NothingLost, NothingTwice and CompletionIsProven.
 *
 * <p>{@code -Dsink.kills=200} for a long one [{@value #KILLS}]; {@code -Dsink.seed=N} repeats what a failure printed.
 */
class SinkAndPostgresKilledIT {

    private static final int KILLS = 8;
    private static final int PARTITIONS = 4;
    private static final int RUNS = 8;
    private static final int CHUNK = 150;
    private static final Duration LONG = Duration.ofMinutes(3);

    private final long seed = Long.getLong("sink.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Topics topics = new Topics("sinkkills-" + HexFormat.of().toHexDigits(random.nextInt()));
    private final List<ServiceProcess> sinks = new ArrayList<>();
    private final List<Sync> syncs = new ArrayList<>();

    @TempDir
    private Path folder;

    private PostgresServer postgres;
    private JdbcClient database;
    private KafkaProducer<String, SpecificRecord> producer;

    @SuppressWarnings("NullAway.Init") // the test sets them
    SinkAndPostgresKilledIT() {}

    /** A run, and how many outputs of it were sent. */
    private static final class Sync {
        private final UUID account = UUID.randomUUID();
        private final UUID run = UUID.randomUUID();
        private int sent;
    }

    @AfterEach
    void stop() {
        sinks.forEach(ServiceProcess::kill);
        producer.close(Duration.ZERO);
        postgres.close();
    }

    @Test
    void losesNothingCountsNothingTwiceAndCompletesNothingEarly() {
        System.out.println("sink.seed=" + seed);
        begin();
        int kills = Integer.getInteger("sink.kills", KILLS);
        for (int i = 0; i < kills; i++) {
            send(CHUNK);
            long enough = saved() + random.nextInt(RUNS * CHUNK / 2);
            await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> saved() >= enough);
            kill();
            assertThat(endedEarly()).isZero();
        }
        send(CHUNK);
        syncs.forEach(sync -> send(sync, progress(sync, RunStatus.succeeded)));
        producer.flush();

        await().atMost(LONG).until(() -> {
            assertThat(endedEarly()).isZero();
            return ended() == RUNS;
        });
        assertThat(rowsAsSent()).isEqualTo((long) RUNS * CHUNK * (kills + 1));
        assertThat(count("select count(*) from user_integration_content")).isEqualTo((long) RUNS * CHUNK * (kills + 1));
        assertThat(count("select count(*) from sync_run where status = 'succeeded' and outputs = outputs_saved"
                        + " and rows_inserted = outputs and rows_updated = 0 and rows_unchanged = 0"
                        + " and completed = spawned + 1"))
                .isEqualTo(RUNS);
        assertThat(count("select count(*) from dead_letter")).isZero();
    }

    private void begin() {
        postgres = PostgresServer.start(folder.resolve("postgres"), 0);
        String url = postgres.createDatabase("kills");
        Flyway.configure()
                .dataSource(url, postgres.username(), postgres.password())
                .load()
                .migrate();
        postgres.createLogin("kills_sink", "kills", List.of("tributary_sink"));
        database = JdbcClient.create(new DriverManagerDataSource(url, postgres.username(), postgres.password()));
        Map<String, Object> broker =
                Map.of("bootstrap.servers", TestServers.kafka().bootstrapServers(), "linger.ms", 5);
        try (var admin = Admin.create(broker)) {
            topics.createMissing(admin, PARTITIONS, (short) 1);
        }
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(
                Map.of("schema.registry.url", TestServers.registry().url()), false);
        producer = new KafkaProducer<>(broker, new StringSerializer(), serializer);
        for (int i = 0; i < RUNS; i++) {
            var sync = new Sync();
            database.sql("insert into user_integration (id, user_id, integration_domain, name)"
                            + " values (?, 'ann', 'imap', 'mail')")
                    .param(sync.account)
                    .update();
            database.sql("insert into sync_run (id, user_integration_id, user_id, integration_domain, trigger)"
                            + " values (?, ?, 'ann', 'imap', 'schedule')")
                    .params(sync.run, sync.account)
                    .update();
            syncs.add(sync);
        }
        sinks.add(startSink());
        sinks.add(startSink());
    }

    private ServiceProcess startSink() {
        return ServiceProcess.start(
                "output-sink-service",
                List.of("-Xmx256m"),
                Map.ofEntries(
                        Map.entry(
                                "SPRING_KAFKA_BOOTSTRAP_SERVERS",
                                TestServers.kafka().bootstrapServers()),
                        Map.entry("SPRING_DATASOURCE_URL", postgres.jdbcUrl("kills")),
                        Map.entry("SPRING_DATASOURCE_USERNAME", "kills_sink"),
                        Map.entry("SPRING_DATASOURCE_PASSWORD", "kills"),
                        Map.entry(
                                "TRIBUTARY_SCHEMA_REGISTRY_URL",
                                TestServers.registry().url()),
                        Map.entry("TRIBUTARY_TOPICS_PREFIX", topics.prefix()),
                        Map.entry("TRIBUTARY_TOPICS_PARTITIONS", Integer.toString(PARTITIONS)),
                        Map.entry("TRIBUTARY_SINK_GROUP", topics.prefix()),
                        Map.entry("TRIBUTARY_SINK_BATCH_RECORDS", "40"),
                        Map.entry("SERVER_PORT", "0"),
                        Map.entry("SERVER_ADDRESS", "127.0.0.1")),
                folder.resolve("sink.log"));
    }

    private void kill() {
        switch (random.nextInt(4)) {
            case 0 -> killPostgres();
            case 1 -> killBackend();
            default -> {
                int which = random.nextInt(sinks.size());
                sinks.get(which).kill();
                sinks.set(which, startSink());
            }
        }
    }

    private void killPostgres() {
        int port = postgres.port();
        postmaster().destroyForcibly();
        postgres.close();
        postgres = PostgresServer.start(folder.resolve("postgres"), port);
    }

    /** One backend that dies makes the server drop all connections and recover from its log. */
    private void killBackend() {
        List<Integer> backends = database.sql("select pid from pg_stat_activity where usename = 'kills_sink'")
                .query(Integer.class)
                .list();
        if (!backends.isEmpty()) {
            ProcessHandle.of(backends.get(random.nextInt(backends.size()))).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private ProcessHandle postmaster() {
        try {
            Path file = folder.resolve("postgres").resolve("data").resolve("postmaster.pid");
            return ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(int outputsEach) {
        for (int i = 0; i < outputsEach; i++) {
            for (Sync sync : syncs) {
                send(sync, output(sync));
                sync.sent++;
            }
        }
        syncs.forEach(sync -> send(sync, progress(sync, RunStatus.running)));
        producer.flush();
    }

    private void send(Sync sync, SpecificRecord record) {
        producer.send(new ProducerRecord<>(topics.output(), sync.account.toString(), record));
    }

    private static Output output(Sync sync) {
        return Output.newBuilder()
                .setRunId(sync.run)
                .setTaskId(sync.run)
                .setIndex(sync.sent)
                .setUserIntegrationId(sync.account)
                .setDomain("imap")
                .setKind(OutputKind.content)
                .setExternalId("item " + sync.sent)
                .setContent("content of item " + sync.sent)
                .setMetadata("{}")
                .build();
    }

    private static RunProgress progress(Sync sync, RunStatus status) {
        boolean ends = status != RunStatus.running;
        return RunProgress.newBuilder()
                .setRunId(sync.run)
                .setUserIntegrationId(sync.account)
                .setSpawned(sync.sent)
                .setCompleted(ends ? sync.sent + 1 : sync.sent)
                .setFailed(0)
                .setOutputs(sync.sent)
                .setStatus(status)
                .setSyncState(ends ? "{\"seen\": " + sync.sent + "}" : null)
                .setAt(Instant.ofEpochSecond(1_800_000_000L))
                .build();
    }

    private long saved() {
        return count("select sum(outputs_saved) from sync_run");
    }

    private long ended() {
        return count("select count(*) from sync_run where finished_at is not null");
    }

    /** Runs that ended, or count outputs, that are not there: as of one snapshot. */
    private long endedEarly() {
        return count("select count(*) from sync_run r"
                + " where outputs_saved <> (select count(*) from user_integration_content c where c.run_id = r.id)"
                + " or finished_at is not null and outputs > outputs_saved");
    }

    private long rowsAsSent() {
        return count("select count(*) from user_integration_content where content = 'content of ' || external_id");
    }

    /** Asks again while Postgres is away. */
    private long count(String sql) {
        return await().atMost(LONG)
                .pollDelay(Duration.ZERO)
                .ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(() -> database.sql(sql).query(Long.class).single(), count -> true);
    }
}
