package io.tributary.worker.engine;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Limits;
import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.api.Quota;
import io.tributary.schemas.Command;
import io.tributary.schemas.Control;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Listing;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import io.tributary.schemas.Trigger;
import io.tributary.worker.codec.MessageCodec;
import io.tributary.worker.engine.EngineConfig.Bounds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one partition, turned by hand: time moves when the test says so, tasks are executed when the test says
 * so, a commit makes what was sent and stored durable, and a crash takes back what was not.
 */
final class HandCrankedWorker {

    private static final TaskLabels LABELS = new TaskLabels(Map.of("test", Set.of("list", "download")));

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Executes a task: type and the state of its run to an outcome. */
    interface Script extends BiFunction<Task, JsonObject, Outcome> {}

    /** What the tasks executed from now on are told by their provider; null: nothing. */
    @Nullable
    Quota quota;

    /** The task types that are actions, from the next start on. */
    Set<String> actions = Set.of();

    /** The effects of the tasks that were executed. */
    final List<BegunEffect> effects = new CopyOnWriteArrayList<>();

    /** What is paused as a whole from now on. */
    Pauses pauses = Pauses.NONE;

    /** How many of the next tasks and commands cannot be decoded, since the registry does not answer. */
    final AtomicInteger unanswered = new AtomicInteger();

    private final MessageCodec codec = new MessageCodec(
            new Topics("sync"), (topic, message) -> PlainAvro.write(message), (topic, bytes) -> decode(bytes));
    private final SettableClock clock = new SettableClock();
    private final Script script;
    private final Limits limits;
    private final Random random;
    /** What the worker counted. */
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final EngineMetrics metrics = EngineMetrics.of(meters, LABELS);
    private final SharedRateLimiters sharedRateLimiters = new SharedRateLimiters(1);
    private final ResultMemory resultMemory = new ResultMemory(Long.MAX_VALUE);
    private final Bounds bounds;
    private FatalResults fatalResults = new FatalResults();
    private WorkerProcess process = new WorkerProcess("worker-0", () -> clock.nanos);
    private boolean commitsCount;
    private Pauses pausesOfTheTurn = pauses;
    private ByteBuffer journalMemory = ByteBuffer.allocate(ExecutionJournal.BYTES);
    private final List<Runnable> started = new ArrayList<>();
    private final List<Sent> committed = new ArrayList<>();
    private final List<Sent> inputsSinceCommit = new ArrayList<>();
    private final List<Task> executed = new CopyOnWriteArrayList<>();
    private final CountDownLatch leave = new CountDownLatch(1);
    private final List<Thread> hung = new ArrayList<>();
    private boolean ignoresInterrupts;
    private volatile @Nullable CountDownLatch hanging;
    private Map<Bytes, byte[]> committedStore = new TreeMap<>();
    private int loadedEntries;
    private MockProcessorContext<String, byte[]> context;
    private KeyValueStore<Bytes, byte[]> store;
    private final List<Integer> writtenSizes = new ArrayList<>();
    /** Of {@link #writtenSizes}, how many were committed. */
    private int committedWrites;
    /** Whether a record was read since the last commit. */
    private boolean readSinceCommit;

    private TaskEngine engine;

    /** A record on its way: the topic's short name, key, value and whether it is marked as accepted. */
    record Sent(
            String topic,
            String key,
            byte[] value,
            @Nullable String header) {
        boolean accepted() {
            return Topics.ACCEPTED.equals(header);
        }
    }

    HandCrankedWorker(Script script) {
        this(Limits.DEFAULT, new Random(1), script);
    }

    HandCrankedWorker(Limits limits, Random random, Script script) {
        this(limits, Bounds.DEFAULT, random, script);
    }

    @SuppressWarnings("NullAway.Init") // boot() sets the three of them
    HandCrankedWorker(Limits limits, Bounds bounds, Random random, Script script) {
        this.bounds = bounds;
        this.script = script;
        this.limits = limits;
        this.random = random;
        boot();
    }

    private SpecificRecord decode(byte[] bytes) {
        if (unanswered.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new TimeoutException("the schema registry does not answer");
        }
        return PlainAvro.read(bytes);
    }

    private void boot() {
        context = new MockProcessorContext<>();
        context.setCurrentSystemTimeMs(clock.millis());
        store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(PendingStore.NAME), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        committedStore.forEach(store::put);
        writtenSizes.clear();
        committedWrites = 0;
        context.addStateStore(new CountingStore(store, writtenSizes));
        loadedEntries = committedStore.size();
        var execution = new TaskExecution() {
            @Override
            public Outcome execute(Task task, @Nullable BegunEffect effect, JsonObject syncState, Consumer<Quota> quota)
                    throws InterruptedException {
                executed.add(task);
                if (effect != null) {
                    effects.add(effect);
                }
                if (HandCrankedWorker.this.quota != null) {
                    quota.accept(HandCrankedWorker.this.quota);
                }
                CountDownLatch hang = hanging;
                if (hang != null) {
                    hang.countDown();
                    awaitLeave();
                }
                return script.apply(task, syncState);
            }

            @Override
            public Limits limitsOf(String domain) {
                return limits;
            }

            @Override
            public Optional<Manifest.SyncType> syncTypeOf(String domain, String syncType) {
                return Optional.of(new Manifest.SyncType(syncType, "list", Duration.ofMinutes(15), true, 0.25));
            }

            @Override
            public Set<String> actionsOf(String domain) {
                return actions;
            }

            @Override
            public void forget(UUID userIntegrationId) {}
        };
        engine = new TaskEngine(new EngineConfig(
                execution,
                codec,
                new SteadyClock(clock, () -> clock.nanos),
                RandomGenerator.getDefault(),
                started::add,
                new EngineConfig.Results(resultMemory, fatalResults),
                sharedRateLimiters,
                ExecutionJournal.in(journalMemory),
                process,
                () -> pauses,
                metrics,
                bounds));
        engine.init(context);
    }

    // What happens outside

    HandCrankedWorker publish(Task task) {
        deliver(new Sent("tasks", task.getUserIntegrationId().toString(), PlainAvro.write(task), null));
        return this;
    }

    /** The task was published then, and is read now. */
    HandCrankedWorker publishAt(Instant published, Task task) {
        process(
                new Sent("tasks", task.getUserIntegrationId().toString(), PlainAvro.write(task), null),
                published.toEpochMilli());
        return this;
    }

    HandCrankedWorker publishBytes(byte[] value) {
        return publishBytes("key", value);
    }

    HandCrankedWorker publishBytes(String key, byte[] value) {
        deliver(new Sent("tasks", key, value, null));
        return this;
    }

    /** A record that the store holds already is read. */
    void readBackAnAcceptedTask() {
        process(new Sent("tasks", "key", new byte[] {1}, Topics.ACCEPTED));
    }

    HandCrankedWorker command(Command command, UUID userIntegrationId, @Nullable UUID runId) {
        var control = new Control(userIntegrationId, command, runId, clock.instant());
        deliver(new Sent("control", userIntegrationId.toString(), PlainAvro.write(control), null));
        return this;
    }

    void deliver(Sent input) {
        inputsSinceCommit.add(input);
        process(input);
    }

    private void process(Sent input) {
        process(input, clock.millis());
    }

    private void process(Sent input, long timestampMillis) {
        readSinceCommit = true;
        var topics = codec.topics();
        context.setRecordMetadata(input.topic().equals("control") ? topics.control() : topics.tasks(), 0, 0);
        var headers = new RecordHeaders();
        if (input.header() != null) {
            headers.add(input.header(), new byte[] {'1'});
        }
        engine.process(new Record<>(input.key(), input.value(), timestampMillis, headers));
    }

    // The crank

    /** One turn: settles, wakes, dispatches, reports. */
    HandCrankedWorker turn() {
        if (!commitsCount) {
            process.committed();
        }
        boolean idle = isIdle();
        int before = started.size() + context.forwarded().size();
        for (var punctuator : List.copyOf(context.scheduledPunctuators())) {
            punctuator.getPunctuator().punctuate(clock.millis());
        }
        if (idle && started.size() + context.forwarded().size() > before) {
            throw new AssertionError("an engine that seemed idle had work");
        }
        pausesOfTheTurn = pauses;
        return this;
    }

    /** Whether its thread would have waited on, with pauses as they were. */
    private boolean isIdle() {
        return pauses == pausesOfTheTurn && patience().compareTo(TaskEngine.TURN) > 0;
    }

    /** How long its thread waits for records now. */
    Duration patience() {
        return process.turns().patience(TaskEngine.TURN);
    }

    /** Executes what was dispatched, in random order. */
    HandCrankedWorker execute() {
        while (!started.isEmpty()) {
            started.remove(random.nextInt(started.size())).run();
        }
        return this;
    }

    int startedCount() {
        return started.size();
    }

    /** What was dispatched begins to execute, on threads of its own, and does not come to an end. */
    HandCrankedWorker hang() {
        return hang(started.size());
    }

    /** The first of what was dispatched hangs, the others are still to be executed. */
    HandCrankedWorker hang(int count) {
        var allHang = new CountDownLatch(count);
        hanging = allHang;
        var first = started.subList(0, count);
        first.forEach(execution -> hung.add(Thread.startVirtualThread(execution)));
        first.clear();
        try {
            if (!allHang.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("not all tasks began to execute");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        hanging = null;
        return this;
    }

    /** What hangs from now on goes on when it is interrupted, until {@link #comeBack}. */
    HandCrankedWorker ignoreInterrupts() {
        ignoresInterrupts = true;
        return this;
    }

    /** What hangs ends after all. */
    HandCrankedWorker comeBack() {
        leave.countDown();
        for (Thread thread : hung) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return this;
    }

    private void awaitLeave() throws InterruptedException {
        while (leave.getCount() > 0) {
            try {
                leave.await();
            } catch (InterruptedException e) {
                if (!ignoresInterrupts) {
                    throw e;
                }
            }
        }
    }

    HandCrankedWorker pass(Duration time) {
        clock.now = clock.now.plus(time);
        clock.nanos += time.toNanos();
        return this;
    }

    /** The wall clock makes a step, while no time passes. */
    HandCrankedWorker stepWallClock(Duration step) {
        clock.now = clock.now.plus(step);
        return this;
    }

    /** Bytes of results that wait to be settled. */
    long waitingBytes() {
        return resultMemory.usedBytes();
    }

    /** Turns until nothing happens any more, without letting time pass, and commits. */
    HandCrankedWorker settle() {
        for (int turns = 0; turns < 10_000; turns++) {
            turn();
            if (started.isEmpty()) {
                turn();
                if (started.isEmpty()) {
                    return commit();
                }
            }
            execute();
        }
        throw new AssertionError("still busy after 10,000 turns");
    }

    /** Settles, lets a little time pass, and so on, for so long. */
    HandCrankedWorker settleFor(Duration time) {
        Instant end = clock.now.plus(time);
        while (clock.now.isBefore(end)) {
            settle();
            pass(Duration.ofMillis(500));
        }
        return settle();
    }

    /** What was sent and stored becomes durable; the follow-up tasks that were published are read back. */
    HandCrankedWorker commit() {
        boolean empty = !readSinceCommit && context.forwarded().isEmpty() && writtenSizes.size() == committedWrites;
        var readBack = new ArrayList<Sent>();
        for (var forward : context.forwarded()) {
            @SuppressWarnings("unchecked")
            var record = (Record<String, byte[]>) (Record<?, ?>) forward.record();
            var sent = new Sent(
                    forward.childName().orElseThrow(),
                    record.key(),
                    record.value(),
                    Stream.of(Topics.ACCEPTED, Topics.AFTER_COMMIT, Topics.LATE)
                            .filter(header -> record.headers().lastHeader(header) != null)
                            .findAny()
                            .orElse(null));
            committed.add(sent);
            if (sent.topic().equals("tasks")) {
                readBack.add(sent);
            }
        }
        context.resetForwards();
        committedStore = new TreeMap<>();
        try (var all = store.all()) {
            all.forEachRemaining(entry -> committedStore.put(entry.key, entry.value));
        }
        committedWrites = writtenSizes.size();
        readSinceCommit = false;
        if (!empty) {
            process.committed(); // An empty transaction is never begun.
        }
        inputsSinceCommit.clear();
        inputsSinceCommit.addAll(readBack);
        readBack.forEach(this::process);
        return this;
    }

    /** The worker dies; another one takes up what was committed and reads again what was not. */
    HandCrankedWorker crash() {
        engine.close();
        started.clear();
        boot();
        inputsSinceCommit.forEach(this::process);
        return this;
    }

    /** The process dies while what was dispatched executes; another one starts in its place. */
    HandCrankedWorker dieWhileExecuting() {
        hang();
        journalMemory = ByteBuffer.wrap(journalMemory.array().clone());
        return startAnotherProcess("worker-0");
    }

    /** The process dies, and its journal is lost; another one starts in its place. */
    HandCrankedWorker dieWithoutATrace(String successor) {
        journalMemory = ByteBuffer.allocate(ExecutionJournal.BYTES);
        return startAnotherProcess(successor);
    }

    private HandCrankedWorker startAnotherProcess(String instance) {
        fatalResults = new FatalResults();
        process = new WorkerProcess(instance, () -> clock.nanos);
        return crash();
    }

    /** From now on a turn sees only what {@link #commit} made durable; before, everything seems durable at once. */
    HandCrankedWorker countCommits() {
        commitsCount = true;
        return this;
    }

    /** The process stops in order while what was dispatched executes; another one starts in its place. */
    HandCrankedWorker stopWhileExecuting() throws InterruptedException {
        hang();
        process.stop(Duration.ZERO);
        turn();
        commit();
        return startAnotherProcess("worker-0");
    }

    // What came of it

    Instant now() {
        return clock.now;
    }

    List<Task> executed() {
        return executed;
    }

    List<Output> outputs() {
        return messages("output", Output.class);
    }

    /** Outputs that came after the last progress of their run. */
    long lateOutputs() {
        return committed.stream()
                .filter(sent -> sent.topic().equals("output") && Topics.LATE.equals(sent.header()))
                .count();
    }

    List<Listing> listings() {
        return messages("output", Listing.class);
    }

    List<RunProgress> progress(UUID runId) {
        return messages("output", RunProgress.class).stream()
                .filter(progress -> progress.getRunId().equals(runId))
                .toList();
    }

    RunProgress lastProgress(UUID runId) {
        return progress(runId).getLast();
    }

    List<DeadLetter> deadLetters() {
        return messages("dead-letters", DeadLetter.class);
    }

    List<Sent> publishedTasks() {
        return committed.stream().filter(sent -> sent.topic().equals("tasks")).toList();
    }

    /** Without the count of openings, which a partition has until it is calm. */
    int storedEntries() {
        return (int) committedStore.keySet().stream()
                .filter(key -> key.get()[0] != 'O')
                .count();
    }

    /** Largest value that was sent, bytes. */
    int largestRecord() {
        return committed.stream().mapToInt(sent -> sent.value().length).max().orElse(0);
    }

    /** How many values of more bytes were put into the store since the last start. */
    int writesOver(int bytes) {
        return (int) writtenSizes.stream().filter(size -> size > bytes).count();
    }

    /** Bytes of all keys and values. */
    long storedBytes() {
        return committedStore.entrySet().stream()
                .mapToLong(entry -> entry.getKey().get().length + entry.getValue().length)
                .sum();
    }

    /** How many entries the last start went through. */
    int loadedEntries() {
        return loadedEntries;
    }

    /** How many tasks of a run are in the store. */
    long runTasks(UUID runId) {
        return committedStore.entrySet().stream()
                .filter(entry -> entry.getKey().get()[0] == 'T')
                .filter(entry -> {
                    var value = ByteBuffer.wrap(entry.getValue());
                    return new UUID(value.getLong(), value.getLong()).equals(runId);
                })
                .count();
    }

    /** How often the engine looked at a run so far. */
    long looks() {
        return engine.looks();
    }

    /** Makes room in a long test. */
    void forgetWhatWasSent() {
        committed.clear();
        executed.clear();
        writtenSizes.clear();
        committedWrites = 0;
    }

    private <T> List<T> messages(String topic, Class<T> type) {
        return committed.stream()
                .filter(sent -> sent.topic().equals(topic))
                .map(sent -> PlainAvro.read(sent.value()))
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    // Words of the tests

    /** Throws anything from where only unchecked exceptions may be thrown. */
    @SuppressWarnings("unchecked")
    static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    static Task initialTask(UUID userIntegrationId, UUID runId) {
        return task(userIntegrationId, runId, runId, null, "list", "{}");
    }

    static Task task(
            UUID userIntegrationId, UUID runId, UUID taskId, @Nullable UUID parent, String type, String payload) {
        return Task.newBuilder()
                .setTaskId(taskId)
                .setRunId(runId)
                .setParentTaskId(parent)
                .setUserIntegrationId(userIntegrationId)
                .setUserId("user")
                .setDomain("test")
                .setType(type)
                .setPayload(payload)
                .setOptions("{}")
                .setTrigger(Trigger.manual)
                .setCreatedAt(START)
                .build();
    }

    /** A result with outputs and follow-up tasks, as the executing side would prepare it. */
    static Outcome.Completed completed(Task task, int outputs, List<Task> followUps, JsonObject statePatch) {
        var encoded = new ArrayList<byte[]>();
        for (int i = 0; i < outputs; i++) {
            encoded.add(PlainAvro.write(Output.newBuilder()
                    .setRunId(task.getRunId())
                    .setTaskId(task.getTaskId())
                    .setIndex(i)
                    .setUserIntegrationId(task.getUserIntegrationId())
                    .setDomain("test")
                    .setKind(OutputKind.content)
                    .setExternalId(task.getTaskId() + ":" + i)
                    .setMetadata("{}")
                    .build()));
        }
        return new Outcome.Completed(
                encoded,
                followUps.stream()
                        .map(followUp -> new Outcome.EncodedTask(followUp, PlainAvro.write(followUp)))
                        .toList(),
                statePatch,
                List.of(),
                null,
                Outcome.Listed.NONE);
    }

    /** The same result with a page of a list. */
    static Outcome.Completed listing(Outcome.Completed result, Task task, boolean everything, String... ids) {
        byte[] listing = PlainAvro.write(Listing.newBuilder()
                .setRunId(task.getRunId())
                .setTaskId(task.getTaskId())
                .setUserIntegrationId(task.getUserIntegrationId())
                .setExternalIds(List.of(ids))
                .build());
        return new Outcome.Completed(
                result.outputs(),
                result.followUps(),
                result.statePatch(),
                result.rejected(),
                result.firstRejection(),
                new Outcome.Listed(List.of(listing), ids.length, everything));
    }

    /** Follow-up tasks of one type, with ids that follow from their parent's. */
    static List<Task> followUps(Task parent, String type, int count) {
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < count; i++) {
            UUID id = UUID.nameUUIDFromBytes((parent.getTaskId() + type + i).getBytes(StandardCharsets.UTF_8));
            Task task = task(parent.getUserIntegrationId(), parent.getRunId(), id, parent.getTaskId(), type, "{}");
            tasks.add(Task.newBuilder(task).setTrigger(parent.getTrigger()).build());
        }
        return tasks;
    }

    private static final class SettableClock extends Clock {
        private Instant now = START;
        private long nanos = 1;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
