package io.tributary.pipeline.bench;

import io.tributary.pipeline.bench.KeepSchedules.Load;
import io.tributary.schemas.IntegrationManifest;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroDeserializer;
import io.tributary.schemas.serde.AvroSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * User integrations that fall due at known times, and their workers and sink in one: reads each initial task, notes how
 * late it is, and completes its run at once, so that the user integration falls due again.
 *
 * <p>The plan, {@link #dueMillis}, belongs to the thread that reads; the results are read after it has ended.
 */
final class Schedules implements AutoCloseable {

    private static final String DOMAIN = "bench-schedules";
    private static final long NOT_DUE = Long.MAX_VALUE;

    private static final String MANIFEST = """
        {"domain": "%s", "version": "1.0", "displayName": "Schedules", "auth": [],
         "configSchema": {"type": "object"},
         "syncTypes": [{"name": "default", "initialTask": "list", "intervalSeconds": 900}],
         "taskTypes": [{"name": "list", "priority": 2}]}
        """.formatted(DOMAIN);

    // As the sink does: plans are kept, and the tables are empty in the beginning.
    private static final String BY_INDEX =
            "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off";

    private static final String INSERT = """
        insert into user_integration (id, user_id, org_id, integration_domain, name, next_sync_at)
        select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'user-' || n % 1000,
               'user-' || n % 1000, ?, 'BenchAccount ' || n, now() + interval '1 day' + n * interval '1 millisecond'
          from generate_series(0, ? - 1) n\
        """;

    private static final String INSERT_SCHEDULES = """
        insert into sync_schedule (user_integration_id, integration_domain, sync_type, is_default, interval_seconds,
                                   next_sync_at)
        select id, integration_domain, 'default', true, 900, next_sync_at from user_integration\
        """;

    private static final String PLAN = """
        update sync_schedule s set next_sync_at = to_timestamp(plan.due_millis / 1000.0)
          from (select ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid as id,
                       ?::bigint + n * 1000::bigint / ? as due_millis
                  from generate_series(0, ? - 1) n) plan
         where s.user_integration_id = plan.id\
        """;

    // Runs are locked in the order of their ids, as the schedulers lock those that they mark as dispatched: each batch
    // may hold runs of the other, and two orders would be a deadlock.
    private static final String COMPLETE = """
        with ended as (
          update sync_run set status = 'succeeded', completed = 1, finished_at = now()
           where id in (select id from sync_run where id = any(?::uuid[]) order by id for no key update)
        )
        update sync_schedule s set last_sync_at = now(), next_sync_at = to_timestamp(next.millis / 1000.0)
          from unnest(?::uuid[], ?::bigint[]) as next (id, millis)
         where s.user_integration_id = next.id\
        """;

    private final Load load;
    private final SingleConnectionDataSource connection;
    private final JdbcClient database;
    private final KafkaConsumer<String, Task> consumer;
    private final Thread thread;

    private final long[] dueMillis;
    private final Set<UUID> runs = new HashSet<>();
    private final List<Double> lateness = new ArrayList<>();
    private long doubled;
    private long publishedAgain;
    private volatile long endMillis;
    private volatile long waiting;
    private volatile boolean stopped;
    private volatile @Nullable RuntimeException failure;

    private Schedules(Lab lab, Topics topics, Load load) {
        this.load = load;
        this.connection = lab.connection();
        this.database = JdbcClient.create(connection);
        database.sql(BY_INDEX).update();
        this.dueMillis = new long[load.active()];
        var deserializer = new AvroDeserializer<Task>();
        deserializer.configure(Map.of("schema.registry.url", lab.registryUrl()), false);
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", lab.bootstrapServers(), "fetch.max.wait.ms", 20, "max.poll.records", 500),
                new StringDeserializer(),
                deserializer);
        consumer.assign(consumer.partitionsFor(topics.tasks()).stream()
                .map(partition -> new TopicPartition(topics.tasks(), partition.partition()))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
        thread = Thread.ofPlatform().name("play-worker-and-sink").daemon().unstarted(this::play);
    }

    /** Announces their integration and writes the rows; nothing is due before {@link #begin}. */
    static Schedules insert(Lab lab, Topics topics, Load load) {
        var schedules = new Schedules(lab, topics, load);
        announce(lab, topics);
        schedules.database.sql("truncate user_integration, sync_run cascade").update();
        schedules.database.sql("delete from sync_pause").update();
        // They were connected long ago: what triggers tell of it was published then.
        schedules.database.sql("set session_replication_role = replica").update();
        schedules.database.sql(INSERT).params(DOMAIN, load.integrations()).update();
        schedules.database.sql(INSERT_SCHEDULES).update();
        schedules.database.sql("set session_replication_role = origin").update();
        schedules.database.sql("vacuum analyze user_integration, sync_schedule").update();
        return schedules;
    }

    private static void announce(Lab lab, Topics topics) {
        var serializer = new AvroSerializer<IntegrationManifest>();
        serializer.configure(Map.of("schema.registry.url", lab.registryUrl()), false);
        var manifest = IntegrationManifest.newBuilder()
                .setDomain(DOMAIN)
                .setVersion("1.0")
                .setManifest(MANIFEST)
                .setAt(Instant.now())
                .build();
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", lab.bootstrapServers()), new StringSerializer(), serializer)) {
            producer.send(new ProducerRecord<>(topics.integrations(), DOMAIN, manifest))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the manifest cannot be announced", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** From that time on they fall due, evenly. */
    void begin(Instant begin) {
        for (int i = 0; i < dueMillis.length; i++) {
            dueMillis[i] = begin.toEpochMilli() + i * 1_000L / load.perSecond();
        }
        endMillis = begin.plus(load.duration()).toEpochMilli();
        waiting = dueMillis.length;
        database.sql(PLAN)
                .params(begin.toEpochMilli(), load.perSecond(), dueMillis.length)
                .update();
        thread.start();
    }

    private void play() {
        try {
            while (!stopped) {
                var batch = new ArrayList<ConsumerRecord<String, Task>>();
                consumer.poll(Duration.ofMillis(20)).forEach(batch::add);
                if (!batch.isEmpty()) {
                    complete(batch, System.currentTimeMillis());
                }
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void complete(List<ConsumerRecord<String, Task>> batch, long nowMillis) {
        var ended = new ArrayList<String>();
        var accounts = new ArrayList<String>();
        var nexts = new ArrayList<Long>();
        for (var task : batch) {
            UUID run = task.value().getRunId();
            UUID account = task.value().getUserIntegrationId();
            int number = (int) (account.getLeastSignificantBits() & 0xffff_ffffL);
            if (!runs.add(run)) {
                publishedAgain++; // After a death between the publication and its mark: the worker drops it.
            } else if (nowMillis < dueMillis[number]) {
                doubled++;
            } else {
                lateness.add((double) (nowMillis - dueMillis[number]));
                dueMillis[number] = next(dueMillis[number]);
                ended.add(run.toString());
                accounts.add(account.toString());
                nexts.add(dueMillis[number] == NOT_DUE ? farFuture(number) : dueMillis[number]);
            }
        }
        database.sql(COMPLETE)
                .params(ended.toArray(String[]::new), accounts.toArray(String[]::new), nexts.toArray(Long[]::new))
                .update();
    }

    private long next(long due) {
        long next = due + load.period().toMillis();
        if (next < endMillis) {
            return next;
        }
        waiting = waiting - 1;
        return NOT_DUE;
    }

    private long farFuture(int number) {
        return endMillis + Duration.ofDays(1).toMillis() + number;
    }

    /** Waits until everything that fell due was read, and some seconds more for what may come twice. */
    void awaitAll(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (waiting > 0 && System.nanoTime() < deadline && failure == null) {
            Thread.sleep(100);
        }
        Thread.sleep(5_000);
        stopped = true;
        thread.join();
        if (failure != null) {
            throw new IllegalStateException("the benchmark's worker and sink failed: " + failure, failure);
        }
        long rows =
                database.sql("select count(*) from sync_run").query(Long.class).single();
        if (rows != runs.size()) {
            throw new IllegalStateException(rows + " runs are in the table, and " + runs.size() + " on the topic");
        }
    }

    /** All user integrations are due, and their platform is paused: so nothing is to be done. */
    void pauseWithEverythingDue() {
        database.sql("insert into sync_pause (name, kind, requested_by, by_operator, created_at)"
                        + " values (?, 'platform', 'bench', true, now())")
                .param(DOMAIN)
                .update();
        database.sql("update sync_schedule set next_sync_at = now() - interval '1 minute'")
                .update();
        database.sql("vacuum analyze user_integration, sync_schedule").update();
    }

    List<Double> latenessMillis() {
        return lateness;
    }

    /** Due times without a run. */
    long skipped() {
        return 2L * dueMillis.length - lateness.size();
    }

    /** Runs without a due time. */
    long doubled() {
        return doubled;
    }

    /** Tasks that were on the topic twice, under the same id. */
    long publishedAgain() {
        return publishedAgain;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
        connection.destroy();
    }
}
