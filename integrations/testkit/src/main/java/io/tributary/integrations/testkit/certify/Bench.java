package io.tributary.integrations.testkit.certify;

import java.util.function.Supplier;

/** Where a check gets its doubles: each trial has one of its own. */
record Bench(Supplier<? extends Provider> providers, Facts facts) {

    Trial begin() {
        return new Trial(providers.get());
    }
}
