package io.tributary.integrations.workbench;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Manifest;
import java.util.function.Supplier;

/** What a worker process is to an integration: it holds one instance, which does not outlive a crash. */
final class Worker implements AutoCloseable {

    private final Supplier<? extends Integration> make;
    private final boolean owned;
    private Integration integration;

    /** @param owned whether the instances are ours to close */
    Worker(Supplier<? extends Integration> make, boolean owned) {
        this.make = make;
        this.owned = owned;
        this.integration = make.get();
    }

    Manifest manifest() {
        return integration.manifest();
    }

    Integration integration() {
        return integration;
    }

    /** A crash does not close anything in good order; here it is closed, lest a test leaves connections behind. */
    void crash() {
        close();
        integration = make.get();
    }

    @Override
    public void close() {
        if (owned) {
            integration.close();
        }
    }
}
