package io.tributary.scheduler.pauses;

import io.tributary.scheduler.kafka.CommandWorkers;
import io.tributary.scheduler.tables.PauseConfirmations;
import java.time.Clock;

/** Sends the commands of pauses again while a worker may have missed them: see {@link PauseConfirmations}. */
record ConfirmPauses(PauseConfirmations pauses, CommandWorkers workers, Clock clock) implements Runnable {

    /** Batches of one call: 50,000 pauses. */
    private static final int MOST_BATCHES = 100;

    @Override
    public void run() {
        for (int batch = 0; batch < MOST_BATCHES && pauses.confirm(clock.instant()); batch++) {
            workers.sendSoon();
        }
        workers.sendSoon();
    }
}
