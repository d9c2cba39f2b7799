package io.tributary.pipeline;

import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroSerializer;
import io.tributary.standalone.servers.TestServers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Accounts that sync again and again while processes are killed, stopped and cut off at random, and commands are
 * delivered twice. When the last fault is over, everything has to come to its end by itself; then the evidence is read.
 *
 * <p>{@code -Dstorm.faults=500} injects that many faults [{@value #FAULTS}], for {@code -Dstorm.seconds} at most
 * [{@value #SECONDS}]; {@code -Dstorm.seed} chooses faults and victims. At which moment of a transaction a fault
 * strikes is not up to the seed.
 */
final class Storm {

    private static final int FAULTS = 14;
    private static final int SECONDS = 120;
    private static final int ACCOUNTS = 8;
    /** How long nothing at all may happen before something counts as stuck. */
    private static final Duration SILENCE = Duration.ofMinutes(4);

    private final long seed = Long.getLong("storm.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final FaultedPipeline pipeline;
    private final JdbcClient database;
    private final List<String> accounts = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();
    private final List<Task> initialTasks = new ArrayList<>();
    private int injected;
    private int backfills;
    private int replays;
    private int duplicates;

    /** A fault that lasts. */
    private record Ending(Instant at, Runnable heal) {}

    private Storm(FaultedPipeline pipeline) {
        this.pipeline = pipeline;
        database = pipeline.database();
    }

    /** The evidence of a storm, and the pipeline that it left, which is calm and serves on. */
    record Calm(FaultedPipeline pipeline, Evidence evidence, int faults) implements AutoCloseable {
        @Override
        public void close() {
            pipeline.close();
        }
    }

    static Calm blow(Path folder) {
        FaultedPipeline pipeline = FaultedPipeline.start(folder);
        try {
            return new Storm(pipeline).blow();
        } catch (RuntimeException | AssertionError e) {
            pipeline.close();
            throw e;
        }
    }

    private Calm blow() {
        int faults = Integer.getInteger("storm.faults", FAULTS);
        say("run again with -Dstorm.seed=" + seed + " -Dstorm.faults=" + faults);
        Evidence.begin(database);
        for (int number = 0; number < ACCOUNTS; number++) {
            accounts.add(pipeline.api(random, false).connect("versioned", "account " + number, Map.of(), Map.of()));
        }
        Instant end = Instant.now().plusSeconds(Integer.getInteger("storm.seconds", SECONDS));
        try (var tasks = new ReadCommitted(
                        pipeline.bootstrapServers(),
                        TestServers.registry().url(),
                        List.of(new Topics(FaultedPipeline.PREFIX).tasks()));
                var duplicator = duplicator()) {
            while (injected < faults && Instant.now().isBefore(end)) {
                workUntil(saved() + random.nextInt(20, 120), tasks);
                deliverTwice(duplicator);
                Fault fault = Fault.values()[
                        injected < Fault.values().length ? injected : random.nextInt(Fault.values().length)];
                inject(fault);
            }
        }
        heal(Instant.MAX);
        drain();
        say(injected + " faults, " + backfills + " backfills, " + replays + " replays, " + duplicates
                + " tasks delivered twice");
        return new Calm(
                pipeline, Evidence.read(database, pipeline.bootstrapServers(), FaultedPipeline.PREFIX), injected);
    }

    /** Keeps every account syncing until so many outputs are in Postgres, or for the time of a long fault. */
    private void workUntil(long outputs, ReadCommitted tasks) {
        Instant atMost = Instant.now().plusSeconds(12);
        do {
            heal(Instant.now());
            pipeline.restartTheDead();
            request(accounts.get(random.nextInt(ACCOUNTS)));
            tasks.readOn(record -> {
                if (record.value() instanceof Task task && task.getParentTaskId() == null) {
                    initialTasks.add(task);
                }
            });
        } while (saved() < outputs && Instant.now().isBefore(atMost));
    }

    /** Requests a run: of a live account, the API answers with the run that it has. */
    private void request(String account) {
        Api api = pipeline.api(random, true);
        try {
            switch (random.nextInt(12)) {
                case 0 -> {
                    api.post(
                            "/v1/user-integrations/" + account + "/trigger",
                            Map.of("options", Map.of("startDate", "2026-01-01T00:00:00Z")));
                    backfills++;
                }
                case 1 -> {
                    api.post("/v1/replays", Map.of("kind", "outputs", "userIntegrationId", account));
                    replays++;
                }
                default -> api.post("/v1/user-integrations/" + account + "/trigger", Map.of());
            }
        } catch (RuntimeException e) {
            // This scheduler is gone, stopped, or without its database; the next request goes to either of them.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** The last initial task once more, as after a producer's retry. */
    private void deliverTwice(KafkaProducer<String, Task> duplicator) {
        if (!initialTasks.isEmpty()) {
            Task task = initialTasks.getLast();
            var _ = duplicator.send(new ProducerRecord<>(
                    new Topics(FaultedPipeline.PREFIX).tasks(),
                    task.getUserIntegrationId().toString(),
                    task));
            duplicates++;
        }
    }

    private void inject(Fault fault) {
        int victim = random.nextInt(2);
        injected++;
        say("fault " + injected + ": " + fault + " " + victim);
        switch (fault) {
            case KILL_SCHEDULER -> pipeline.kill("scheduler", victim);
            case KILL_WORKER -> pipeline.kill("worker", victim);
            case KILL_SINK -> pipeline.kill("sink", victim);
            case KILL_BROKER -> {
                if (pipeline.brokersAreInSync()) {
                    pipeline.killBroker(random.nextInt(3));
                }
            }
            case KILL_POSTGRES -> pipeline.killPostgres();
            case STOP_SCHEDULER -> last(pipeline.pause("scheduler", victim));
            case STOP_WORKER -> last(pipeline.pause("worker", victim));
            case STOP_SINK -> last(pipeline.pause("sink", victim));
            case CUT_OFF_SCHEDULERS -> last(pipeline.cutOffPostgres("scheduler"));
            case CUT_OFF_WORKERS -> last(pipeline.cutOffPostgres("worker"));
            case CUT_OFF_SINKS -> last(pipeline.cutOffPostgres("sink"));
            case CUT_OFF_REGISTRY -> last(pipeline.cutOffRegistry());
        }
    }

    private void last(Runnable heal) {
        endings.add(new Ending(Instant.now().plusSeconds(random.nextInt(1, 15)), heal));
    }

    private void heal(Instant now) {
        for (Iterator<Ending> each = endings.iterator(); each.hasNext(); ) {
            Ending ending = each.next();
            if (!ending.at().isAfter(now)) {
                ending.heal().run();
                each.remove();
            }
        }
    }

    /** Waits until nothing is under way. However long it takes, it has to go on. */
    private void drain() {
        Instant heard = Instant.now();
        String before = "";
        while (live() > 0) {
            pipeline.restartTheDead();
            String now = progress();
            if (!now.equals(before)) {
                before = now;
                heard = Instant.now();
            }
            if (Duration.between(heard, Instant.now()).compareTo(SILENCE) > 0) {
                throw new AssertionError("storm.seed=" + seed + ": nothing happened for " + SILENCE + "; not over are "
                        + database.sql("select row_to_json(r)::text from sync_run r where finished_at is null")
                                .query(String.class)
                                .list());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private long live() {
        return count("select (select count(*) from sync_run where finished_at is null)"
                + " + (select count(*) from replay where finished_at is null)");
    }

    private String progress() {
        return database.sql("select concat_ws(' ', sum(completed), sum(failed), sum(outputs_saved),"
                        + " count(finished_at)) from sync_run")
                .query(String.class)
                .single();
    }

    private long saved() {
        return count("select coalesce(sum(outputs_saved), 0) from sync_run");
    }

    private long count(String sql) {
        try {
            return database.sql(sql).query(Long.class).single();
        } catch (DataAccessException e) {
            return 0; // Postgres is recovering from a kill.
        }
    }

    private KafkaProducer<String, Task> duplicator() {
        var serializer = new AvroSerializer<Task>();
        serializer.configure(
                Map.of("schema.registry.url", TestServers.registry().url()), false);
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", pipeline.bootstrapServers(), "reconnect.backoff.max.ms", 200),
                new StringSerializer(),
                serializer);
    }

    private static void say(String what) {
        System.out.println("Storm: " + what);
    }

    /** What goes wrong. The lasting ones end by themselves after 1 to 15 seconds. */
    private enum Fault {
        KILL_WORKER,
        STOP_SINK,
        KILL_SCHEDULER,
        CUT_OFF_SINKS,
        KILL_SINK,
        STOP_WORKER,
        KILL_POSTGRES,
        CUT_OFF_REGISTRY,
        KILL_BROKER,
        STOP_SCHEDULER,
        CUT_OFF_WORKERS,
        CUT_OFF_SCHEDULERS
    }
}
