package io.tributary.worker.engine;

import java.util.Map;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * An empty store that claims to be persistent, so that Kafka Streams stores the id of the process in the state
 * directory. A worker that restarts after a crash then has the same identity: the broker aborts its open transaction
 * when its producer starts, and not only after a timeout that readers and the restore would wait for.
 */
final class StableProcessId implements StateStore, StoreBuilder<StateStore> {

    private boolean open;

    @Override
    public StateStore build() {
        return new StableProcessId();
    }

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {});
        open = true;
    }

    @Override
    public void flush() {
        // There is nothing to flush.
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public boolean persistent() {
        return true;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public StableProcessId withCachingEnabled() {
        return this;
    }

    @Override
    public StableProcessId withCachingDisabled() {
        return this;
    }

    @Override
    public StableProcessId withLoggingEnabled(Map<String, String> config) {
        return this;
    }

    @Override
    public StableProcessId withLoggingDisabled() {
        return this;
    }

    @Override
    public Map<String, String> logConfig() {
        return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
        return false;
    }
}
