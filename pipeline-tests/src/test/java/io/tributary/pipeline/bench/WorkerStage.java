package io.tributary.pipeline.bench;

import io.tributary.pipeline.ServiceProcess;
import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.RunSums;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.Trigger;
import io.tributary.schemas.serde.AvroSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one scenario works with: topics of its own, accounts, worker processes, and what these commit. The scenario
 * plays the scheduler and the sink.
 */
final class WorkerStage implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final Lab lab;
    private final Topics topics;
    private final int partitions;
    private final Services services;
    private final Map<Integer, ServiceProcess> workers = new ConcurrentHashMap<>();
    private final KafkaProducer<String, SpecificRecord> producer;
    private final ReadOutput output;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WorkerStage(Lab lab, String name, int partitions) {
        this.lab = lab;
        this.topics = new Topics(name);
        this.partitions = partitions;
        services = new Services(lab, topics, partitions);
        Map<String, Object> broker = Map.of("bootstrap.servers", lab.bootstrapServers());
        try (var admin = Admin.create(broker)) {
            topics.createMissing(admin, partitions, (short) 1);
        }
        var serializer = new AvroSerializer<SpecificRecord>();
        serializer.configure(Map.of("schema.registry.url", lab.registryUrl()), false);
        producer = new KafkaProducer<>(broker, new StringSerializer(), serializer);
        output = new ReadOutput(lab.bootstrapServers(), lab.registryUrl(), topics.output(), partitions);
    }

    /**
     * Sets a stage up; close it before the next one.
     *
     * @param name of its topics: lower-case letters and digits
     * @param partitions of its topics
     */
    static WorkerStage on(Lab lab, String name, int partitions) {
        return lab.own(new WorkerStage(lab, name, partitions));
    }

    /**
     * Starts a worker, which takes some seconds to work.
     *
     * @param number 1 and up; one that ran before gets its name and its state back
     * @param flags of its JVM, such as {@code -Xmx512m}
     */
    ServiceProcess startWorker(int number, String... flags) {
        var worker = services.startWorker("worker-" + number, flags);
        workers.put(number, worker);
        return worker;
    }

    /** Asks a worker to stop, and waits until it has. */
    void stopWorker(int number) {
        worker(number).close();
        workers.remove(number);
    }

    /** Ends a worker by signal 9. */
    void killWorker(int number) {
        worker(number).kill();
        workers.remove(number);
    }

    private ServiceProcess worker(int number) {
        ServiceProcess worker = workers.get(number);
        if (worker == null) {
            throw new IllegalArgumentException("there is no worker " + number);
        }
        return worker;
    }

    /** CPU time that the workers and the broker have taken so far. */
    Cpu cpu() {
        return Cpu.takenBy(Map.of(
                "worker", workers.values().stream().map(ServiceProcess::handle).toList(),
                "broker", List.of(lab.broker())));
    }

    /** Accounts that lie evenly on the partitions. */
    List<BenchAccount> accounts(int count, String domain, Map<String, Object> config) {
        var accounts = IntStream.range(0, count)
                .mapToObj(i -> new BenchAccount(AccountIds.on(i % partitions, partitions), domain))
                .toList();
        lab.database()
                .sql("""
                    insert into user_integration (id, user_id, integration_domain, name, config)
                    select id, 'bench', :domain, :domain, :config::jsonb from unnest(:ids::uuid[]) as id
                    """)
                .param("ids", accounts.stream().map(BenchAccount::id).toArray(UUID[]::new))
                .param("domain", domain)
                .param("config", JSON.writeValueAsString(config))
                .update();
        return accounts;
    }

    /** Starts a run as the scheduler does, with its initial task. */
    BenchRun start(BenchAccount account, String initialTask) {
        return start(List.of(account), initialTask).getFirst();
    }

    /** Starts a run for each account. */
    List<BenchRun> start(List<BenchAccount> accounts, String initialTask) {
        var runs =
                accounts.stream().map(account -> publish(account, initialTask)).toList();
        producer.flush();
        return runs;
    }

    private BenchRun publish(BenchAccount account, String initialTask) {
        UUID id = UUID.randomUUID();
        Instant now = Instant.now();
        send(
                topics.tasks(),
                account,
                Task.newBuilder()
                        .setTaskId(id)
                        .setRunId(id)
                        .setUserIntegrationId(account.id())
                        .setUserId("bench")
                        .setDomain(account.domain())
                        .setType(initialTask)
                        .setPayload("{}")
                        .setOptions("{}")
                        .setTrigger(Trigger.manual)
                        .setCreatedAt(now)
                        .build());
        return new BenchRun(id, account, now);
    }

    void cancel(BenchRun run) {
        send(
                topics.control(),
                run.account(),
                Control.newBuilder()
                        .setUserIntegrationId(run.account().id())
                        .setCommand(Command.cancel_run)
                        .setRunId(run.id())
                        .setAt(Instant.now())
                        .build());
        producer.flush();
    }

    private void send(String topic, BenchAccount account, SpecificRecord message) {
        producer.send(new ProducerRecord<>(topic, account.id().toString(), message));
    }

    ReadOutput output() {
        return output;
    }

    /** Where a run stands; null before the first report of it. */
    @Nullable
    RunProgress progress(BenchRun run) {
        ReadOutput.Reported reported = output.reported(run.id());
        return reported == null ? null : reported.progress();
    }

    /** Waits until a run has got somewhere. */
    RunProgress await(BenchRun run, String what, Duration patience, Predicate<RunProgress> there)
            throws InterruptedException {
        until(what, patience, () -> {
            RunProgress progress = progress(run);
            return progress != null && there.test(progress);
        });
        return Objects.requireNonNull(progress(run));
    }

    /** Waits for the end of a run, whatever it is. */
    RunProgress awaitEnd(BenchRun run, Duration patience) throws InterruptedException {
        return await(run, "the end of a run", patience, progress -> progress.getStatus() != RunStatus.running);
    }

    /** Waits for the end of a run, which must come with all its tasks done and its sums right. */
    RunProgress awaitSuccess(BenchRun run, Duration patience) throws InterruptedException {
        RunProgress last = awaitEnd(run, patience);
        if (last.getStatus() != RunStatus.succeeded || !isOver(last)) {
            throw new IllegalStateException("a run ended wrongly: " + last);
        }
        return last;
    }

    /** When the last report of a run was read, as {@link System#nanoTime()} counts. */
    long readAt(BenchRun run) {
        return Objects.requireNonNull(output.reported(run.id())).readNanos();
    }

    /** What a run completed between two reports, by the worker's clock. */
    static double tasksPerSecond(RunProgress first, RunProgress last) {
        double seconds = Duration.between(first.getAt(), last.getAt()).toNanos() / 1e9;
        return (last.getCompleted() - first.getCompleted()) / seconds;
    }

    /** Whether every task of the run has ended. */
    static boolean isOver(RunProgress progress) {
        return RunSums.of(progress, 0).pending() == 0;
    }

    /** As {@link Await#until}, with an eye on the workers. */
    void until(String what, Duration patience, BooleanSupplier isTrue) throws InterruptedException {
        try {
            Await.until(what, patience, () -> {
                workers.values().forEach(worker -> {
                    if (!worker.isAlive()) {
                        throw new IllegalStateException("a worker ended");
                    }
                });
                return isTrue.getAsBoolean();
            });
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + logs(), e);
        }
    }

    private String logs() {
        var tails = new LinkedHashMap<Integer, String>();
        workers.forEach((number, worker) -> {
            String log = worker.log();
            tails.put(number, log.substring(Math.max(0, log.length() - 3_000)));
        });
        var text = new StringBuilder();
        tails.forEach((number, tail) ->
                text.append("\n--- worker ").append(number).append('\n').append(tail));
        return text.toString();
    }

    /** Kills the workers and deletes the topics. A second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        workers.values().forEach(ServiceProcess::kill);
        workers.clear();
        output.close();
        producer.close(Duration.ZERO);
        DeleteTopics.startingWith(topics.prefix(), lab.bootstrapServers());
    }
}
