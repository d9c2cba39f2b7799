package io.tributary.integrations.workbench.certify;

import java.util.function.Supplier;

/** Makes the fixtures of a check: each has a double of its own. */
record Fixtures(Supplier<? extends Provider> providers, Facts facts) {

    Fixture create() {
        return new Fixture(providers.get());
    }
}
