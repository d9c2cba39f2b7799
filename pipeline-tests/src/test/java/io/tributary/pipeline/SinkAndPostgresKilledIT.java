package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.schemas.Migrations;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.PostgresAdmin;
import io.tributary.standalone.servers.TestServers;
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
 * Fault: kill -9 of sinks, of Postgres as a whole and of its backends, and sinks that join and leave, at random, while
 * outputs come in. Guarantees: NothingLost, NothingTwice, CompletionIsProven, CursorNeverAhead and NewestWins: each
 * item is brought by a run and, in another version, by an older one that goes beside it.
 *
 * <p>{@code -Dsink.kills=200} kills that often [{@value #KILLS}], {@code -Dsink.rebalances=20} has a sink join or leave
 * that often beside [{@value #REBALANCES}], {@code -Dsink.outputs=1000000} sends that many outputs at least, all runs
 * together [{@value #OUTPUTS}]; {@code -Dsink.seed=N} repeats what a failure printed. At which moment of a transaction
 * a kill strikes is not up to the seed.
 */
class SinkAndPostgresKilledIT {

    private static final int KILLS = 8;
    private static final int REBALANCES = 2;
    private static final int OUTPUTS = 10_000;
    private static final int PARTITIONS = 4;
    private static final int RUNS = 8;
    private static final Duration LONG = Duration.ofMinutes(3);

    private final long seed = Long.getLong("sink.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Topics topics = new Topics("sinkkills-" + HexFormat.of().toHexDigits(random.nextInt()));
    private final List<ServiceProcess> sinks = new ArrayList<>();
    private final List<Sync> syncs = new ArrayList<>();

    @TempDir
    private Path folder;

    private KillablePostgres postgres;
    private JdbcClient database;
    private KafkaProducer<String, SpecificRecord> producer;

    @SuppressWarnings("NullAway.Init") // the test sets them
    SinkAndPostgresKilledIT() {}

    /** A run, the older one beside it, and how many outputs of each were sent. */
    private static final class Sync {
        private final UUID account = UUID.randomUUID();
        private final UUID older = UUID.randomUUID();
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
        int kills = Integer.getInteger("sink.kills", KILLS);
        int rebalances = Integer.getInteger("sink.rebalances", REBALANCES);
        int outputs = Integer.getInteger("sink.outputs", OUTPUTS);
        int faults = kills + rebalances;
        int chunk = outputs / (2 * RUNS * (faults + 1)) + 1; // two runs an account
        System.out.println("sink.seed=" + seed + " sink.kills=" + kills + " sink.rebalances=" + rebalances
                + " sink.outputs=" + outputs);
        begin();
        for (int i = 0; i < faults; i++) {
            send(chunk);
            long enough = saved() + random.nextInt(RUNS * chunk);
            await().atMost(LONG).pollInterval(Duration.ofMillis(5)).until(() -> saved() >= enough);
            if (i * (long) rebalances / faults < (i + 1) * (long) rebalances / faults) {
                rebalance();
            } else {
                kill();
            }
            assertThat(endedEarly()).isZero();
        }
        send(chunk);
        syncs.forEach(sync -> {
            send(sync, progress(sync, sync.older, RunStatus.succeeded));
            send(sync, progress(sync, sync.run, RunStatus.succeeded));
        });
        producer.flush();

        catchUp();
        await().atMost(LONG).until(() -> {
            assertThat(endedEarly()).isZero();
            return ended() == 2 * RUNS;
        });
        long items = (long) RUNS * chunk * (faults + 1);
        assertThat(count("select count(*) from user_integration_content"))
                .as("NothingLost, NothingTwice")
                .isEqualTo(items);
        assertThat(rowsAsSent()).as("NewestWins").isEqualTo(items);
        assertThat(count("select count(*) from sync_run where status = 'succeeded' and outputs = outputs_saved"
                        + " and outputs = rows_inserted + rows_updated + rows_unchanged"
                        + " and completed = spawned + 1 and outputs_dead_lettered = 0"))
                .as("CompletionIsProven")
                .isEqualTo(2 * RUNS);
        assertThat(count("select sum(rows_inserted) from sync_run"))
                .as("NothingTwice: each row was inserted, and counted, once")
                .isEqualTo(items);
        assertThat(count("select count(*) from user_integration where (sync_state ->> 'seen')::bigint = "
                        + (long) chunk * (faults + 1)))
                .as("CursorNeverAhead: it is that of the newer run")
                .isEqualTo(RUNS);
        assertThat(count("select count(*) from dead_letter")).isZero();
    }

    /** The sinks are behind by what they did not wait for between faults: however long it takes, it has to go on. */
    private void catchUp() {
        long all = syncs.stream().mapToLong(sync -> 2L * sync.sent).sum();
        for (long before = saved(); before < all; before = saved()) {
            long then = before;
            await().atMost(LONG).pollInterval(Duration.ofMillis(500)).until(() -> {
                assertThat(endedEarly()).isZero();
                return saved() > then;
            });
        }
    }

    private void begin() {
        postgres = new KillablePostgres(folder.resolve("postgres"));
        PostgresAdmin server = postgres.admin();
        String url = server.createDatabase("kills");
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(url, server.username(), server.password())
                .load()
                .migrate();
        server.createLogin("kills_sink", "kills", List.of("tributary_sink"));
        database = JdbcClient.create(new DriverManagerDataSource(url, server.username(), server.password()));
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
            insertRun(sync.older, sync.account, "backfill");
            insertRun(sync.run, sync.account, "schedule");
            syncs.add(sync);
        }
        sinks.add(startSink());
        sinks.add(startSink());
    }

    /** Later ones are newer. */
    private void insertRun(UUID run, UUID account, String trigger) {
        database.sql("insert into sync_run (id, user_integration_id, user_id, integration_domain, trigger)"
                        + " values (?, ?, 'ann', 'imap', ?)")
                .params(run, account, trigger)
                .update();
    }

    /** A third sink joins, or leaves as one that is stopped does. */
    private void rebalance() {
        if (sinks.size() == 2) {
            sinks.add(startSink());
        } else {
            sinks.removeLast().close();
        }
    }

    private ServiceProcess startSink() {
        return ServiceProcess.start(
                "output-sink-service",
                List.of("-Xmx256m"),
                Map.ofEntries(
                        Map.entry(
                                "SPRING_KAFKA_BOOTSTRAP_SERVERS",
                                TestServers.kafka().bootstrapServers()),
                        Map.entry("SPRING_DATASOURCE_URL", postgres.admin().jdbcUrl("kills")),
                        Map.entry("SPRING_DATASOURCE_USERNAME", "kills_sink"),
                        Map.entry("SPRING_DATASOURCE_PASSWORD", "kills"),
                        Map.entry(
                                "TRIBUTARY_SCHEMA_REGISTRY_URL",
                                TestServers.registry().url()),
                        Map.entry("TRIBUTARY_TOPICS_PREFIX", topics.prefix()),
                        Map.entry("TRIBUTARY_TOPICS_PARTITIONS", Integer.toString(PARTITIONS)),
                        Map.entry("TRIBUTARY_TOPICS_REPLICATION_FACTOR", "1"),
                        Map.entry("TRIBUTARY_TOPICS_ALLOW_SINGLE_REPLICA", "true"),
                        Map.entry("TRIBUTARY_SINK_GROUP", topics.prefix()),
                        Map.entry("TRIBUTARY_SINK_BATCH_RECORDS", "40"),
                        Map.entry("SERVER_PORT", "0"),
                        Map.entry("SERVER_ADDRESS", "127.0.0.1")),
                folder.resolve("sink.log"));
    }

    private void kill() {
        switch (random.nextInt(4)) {
            case 0 -> postgres.killAndRestart();
            case 1 -> killBackend();
            default -> {
                int which = random.nextInt(sinks.size());
                sinks.get(which).kill();
                sinks.set(which, startSink());
            }
        }
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

    private void send(int outputsEach) {
        for (int i = 0; i < outputsEach; i++) {
            for (Sync sync : syncs) {
                boolean newestFirst = random.nextBoolean();
                send(sync, newestFirst ? output(sync, sync.run, "") : output(sync, sync.older, "stale "));
                send(sync, newestFirst ? output(sync, sync.older, "stale ") : output(sync, sync.run, ""));
                sync.sent++;
            }
        }
        syncs.forEach(sync -> {
            send(sync, progress(sync, sync.older, RunStatus.running));
            send(sync, progress(sync, sync.run, RunStatus.running));
        });
        producer.flush();
    }

    private void send(Sync sync, SpecificRecord record) {
        producer.send(new ProducerRecord<>(topics.output(), sync.account.toString(), record));
    }

    private static Output output(Sync sync, UUID run, String version) {
        return Output.newBuilder()
                .setRunId(run)
                .setTaskId(run)
                .setIndex(sync.sent)
                .setUserIntegrationId(sync.account)
                .setDomain("imap")
                .setKind(OutputKind.content)
                .setExternalId("item " + sync.sent)
                .setContent(version + "content of item " + sync.sent)
                .setMetadata("{}")
                .build();
    }

    private static RunProgress progress(Sync sync, UUID run, RunStatus status) {
        boolean ends = status != RunStatus.running;
        return RunProgress.newBuilder()
                .setRunId(run)
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

    /**
     * Accounts of which a run ended, counts outputs, or moved the cursor, and what it stands for is not there; as of
     * one snapshot.
     */
    private long endedEarly() {
        return count("select count(*) from user_integration u where exists (select from sync_run r"
                + "   where r.user_integration_id = u.id and (outputs_saved > outputs and finished_at is not null"
                + "     or finished_at is not null and outputs > outputs_saved"
                + "     or outputs_saved > (select count(*) from user_integration_content c"
                + "                          where c.user_integration_id = u.id)))"
                + " or sync_state <> '{}' and not exists (select from sync_run r"
                + "   where r.user_integration_id = u.id and r.trigger = 'schedule' and r.status = 'succeeded'"
                + "     and (u.sync_state ->> 'seen')::bigint = r.outputs_saved)");
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
