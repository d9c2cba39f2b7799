package io.tributary.worker.engine;

import io.tributary.schemas.Topics;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology: two topics in, one processor with its store, three topics out.
 *
 * <p>Tasks and commands meet in one processor, so that a command acts on the store that holds its tasks. Values are
 * bytes: the engine decodes the records that it needs and passes the others on, and a record that cannot be decoded is
 * dead-lettered rather than stopping the partition.
 *
 * <p>The changelog has small segments and a short compaction lag, since a start after a crash replays it from its
 * beginning: the fewer dead records, the shorter the start.
 */
public final class EngineTopology {

    static final String TASKS = "tasks";
    static final String OUTPUT = "output";
    static final String DEAD_LETTERS = "dead-letters";

    private static final Map<String, String> CHANGELOG = Map.of(
            "segment.bytes", "16777216",
            "segment.ms", "60000",
            "max.compaction.lag.ms", "60000",
            "min.cleanable.dirty.ratio", "0.2",
            "delete.retention.ms", "1000",
            "max.message.bytes", Integer.toString(Topics.MAX_RECORD_BYTES));

    private EngineTopology() {}

    /** Name of the store's topic. */
    public static String changelog(String applicationId) {
        return applicationId + "-" + PendingStore.NAME + "-changelog";
    }

    /** @param persistent keep the store in RocksDB rather than in memory: slower, for backlogs beyond the heap */
    public static Topology of(EngineConfig parts, boolean persistent) {
        Topics topics = parts.codec().topics();
        var key = new StringSerializer();
        var value = new ByteArraySerializer();
        var topology = new Topology();
        topology.addSource("tasks-in", new StringDeserializer(), new ByteArrayDeserializer(), topics.tasks());
        topology.addSource("control-in", new StringDeserializer(), new ByteArrayDeserializer(), topics.control());
        topology.addProcessor("engine", () -> new TaskEngine(parts), "tasks-in", "control-in");
        topology.addStateStore(
                Stores.keyValueStoreBuilder(
                                persistent
                                        ? Stores.persistentKeyValueStore(PendingStore.NAME)
                                        : Stores.inMemoryKeyValueStore(PendingStore.NAME),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(CHANGELOG),
                "engine");
        topology.addStateStore(new StableProcessId(), "engine");
        topology.addSink(TASKS, topics.tasks(), key, value, "engine");
        topology.addSink(OUTPUT, topics.output(), key, value, "engine");
        topology.addSink(DEAD_LETTERS, topics.deadLetters(), key, value, "engine");
        return topology;
    }
}
