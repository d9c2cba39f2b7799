package io.tributary.pipeline.bench;

import io.tributary.pipeline.ServiceProcess;
import io.tributary.schemas.Topics;
import io.tributary.schemas.serde.AvroSerializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * What one scenario of the sink works with: topics of its own, accounts, and one sink process that goes on through all
 * passes. The scenario plays scheduler and workers.
 *
 * <p>The outputs of a pass are published in one transaction, so the sink sees none of them before all are there: then
 * the clock starts, and nothing but sink, Postgres and broker is at work.
 */
final class SinkStage implements AutoCloseable {

    /** Accounts of a pass, which lie evenly on the partitions. */
    static final int ACCOUNTS = 24;

    private static final int PARTITIONS = 8;
    private static final String HEAP = "-Xmx256m";

    /** A worker reports on a run at most once a commit; so many outputs of one run are in a commit. */
    private static final int OUTPUTS_A_PROGRESS = 100;

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Lab lab;
    private final Topics topics;
    private final ServiceProcess sink;
    private final SingleConnectionDataSource connection;
    private final JdbcClient database;
    private final long ownBackend;
    private final AvroSerializer<SpecificRecord> serializer = new AvroSerializer<>();
    private final KafkaProducer<String, byte[]> producer;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SinkStage(Lab lab, String name, List<String> flags) {
        this.lab = lab;
        this.topics = new Topics(name);
        try (var admin = Admin.create(Map.of("bootstrap.servers", lab.bootstrapServers()))) {
            topics.createMissing(admin, PARTITIONS, (short) 1);
        }
        connection = lab.connection();
        database = JdbcClient.create(connection);
        ownBackend = database.sql("select pg_backend_pid()").query(Long.class).single();
        serializer.configure(Map.of("schema.registry.url", lab.registryUrl()), false);
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        lab.bootstrapServers(),
                        "transactional.id",
                        name,
                        "transaction.timeout.ms",
                        (int) Duration.ofMinutes(15).toMillis(),
                        "compression.type",
                        "lz4",
                        "batch.size",
                        128 * 1024,
                        "linger.ms",
                        5),
                new StringSerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        var all = new ArrayList<>(List.of(HEAP));
        all.addAll(flags);
        sink = new Services(lab, topics, PARTITIONS).startSink(all.toArray(String[]::new));
    }

    /**
     * Sets a stage up; close it before the next one.
     *
     * @param name of its topics: lower-case letters and digits
     * @param flags of the sink's JVM
     */
    static SinkStage on(Lab lab, String name, List<String> flags) {
        return lab.own(new SinkStage(lab, name, flags));
    }

    ProcessHandle sink() {
        return sink.handle();
    }

    /** New accounts, which have nothing saved. */
    List<UUID> accounts() {
        List<UUID> accounts = IntStream.range(0, ACCOUNTS)
                .mapToObj(i -> AccountIds.on(i % PARTITIONS, PARTITIONS))
                .toList();
        accounts.forEach(account -> database.sql("""
            insert into user_integration (id, user_id, integration_domain, name)
            values (?, 'bench', 'gmail', 'mail')
            """).param(account).update());
        return accounts;
    }

    /**
     * Lets a run of each account save all its items, and checks what became of them.
     *
     * @param items of each account
     * @throws IllegalStateException something is missing, or there twice
     */
    Pass save(List<UUID> accounts, MailOutputs mails, int items) throws InterruptedException {
        return save(accounts, mails, items, () -> {});
    }

    /** @param halfway called once, when about half of the rows are saved */
    Pass save(List<UUID> accounts, MailOutputs mails, int items, Runnable halfway) throws InterruptedException {
        var runs = new LinkedHashMap<UUID, UUID>();
        accounts.forEach(account -> runs.put(account, startRun(account)));
        var expected = SavedRows.expected(accounts, mails, items);
        producer.beginTransaction();
        publish(runs, mails, items);

        Cpu before = cpu();
        long begin = System.nanoTime();
        producer.commitTransaction();
        var saved = new SavedRows(database, List.copyOf(runs.values()));
        until("half of the outputs", () -> saved.outputs() >= expected.outputs() / 2);
        halfway.run();
        until("the end of all runs", () -> saved.endedRuns() == runs.size());
        double seconds = (System.nanoTime() - begin) / 1e9;
        Cpu taken = cpu().since(before);

        saved.check(accounts, expected);
        return new Pass((long) items * accounts.size(), seconds, taken);
    }

    private UUID startRun(UUID account) {
        return database.sql("""
            insert into sync_run (user_integration_id, user_id, integration_domain, trigger)
            values (?, 'bench', 'gmail', 'manual') returning id
            """).param(account).query(UUID.class).single();
    }

    /** Interleaved, as workers interleave their integrations. */
    private void publish(Map<UUID, UUID> runs, MailOutputs mails, int items) {
        for (int i = 0; i < items; i++) {
            int item = i;
            runs.forEach((account, run) -> {
                send(account, mails.item(account, run, item));
                if ((item + 1) % OUTPUTS_A_PROGRESS == 0 || item + 1 == items) {
                    send(account, MailOutputs.progress(account, run, item + 1, items));
                }
            });
        }
    }

    /** What does not arrive fails the commit. */
    private void send(UUID account, SpecificRecord message) {
        byte[] value = serializer.serialize(topics.output(), message);
        var _ = producer.send(new ProducerRecord<>(topics.output(), account.toString(), value));
    }

    /** CPU time that the sink has taken, and Postgres except for what this stage asks it. */
    private Cpu cpu() {
        var postgres = lab.postgres().stream()
                .filter(process -> process.pid() != ownBackend)
                .toList();
        return Cpu.takenBy(Map.of("sink", List.of(sink.handle()), "postgres", postgres));
    }

    private void until(String what, BooleanSupplier isTrue) throws InterruptedException {
        Await.until(what, PATIENCE, LOOK_EVERY, () -> {
            if (!sink.isAlive()) {
                String log = sink.log();
                throw new IllegalStateException("the sink ended: " + log.substring(Math.max(0, log.length() - 3_000)));
            }
            return isTrue.getAsBoolean();
        });
    }

    /** Kills the sink and deletes the topics. A second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        sink.kill();
        producer.close(Duration.ZERO);
        connection.destroy();
        DeleteTopics.startingWith(topics.prefix(), lab.bootstrapServers());
    }
}
