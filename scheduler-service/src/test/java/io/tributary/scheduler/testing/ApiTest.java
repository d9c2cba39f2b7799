package io.tributary.scheduler.testing;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** A test of the API of the scheduler that tests share, as a user that no other test has. */
@ExtendWith(SharedScheduler.class)
public abstract class ApiTest {

    protected RunningScheduler scheduler;
    protected Api ann;

    private @Nullable ApiDocument document;

    @SuppressWarnings("NullAway.Init") // shareScheduler() sets them
    protected ApiTest() {}

    @BeforeEach
    protected final void shareScheduler(RunningScheduler shared) {
        scheduler = shared;
        ann = shared.user("ann-" + UUID.randomUUID());
    }

    /** The description of the API. */
    protected final ApiDocument document() {
        if (document == null) {
            document = ApiDocument.of(scheduler);
        }
        return document;
    }
}
