package io.tributary.sink.replay;

import io.tributary.sink.outage.Unavailable;
import io.tributary.sink.outage.WorkLoop;
import io.tributary.sink.postgres.Rejected;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes the requests of users (replays, and redrives of outputs) concurrently with the consumers, with which it
 * shares only Postgres.
 *
 * @param redriveNext redrives one output; returns false if there is none
 */
public record ServeRequests(ReplayTable table, RunReplay outputs, RunReplay tasks, BooleanSupplier redriveNext)
        implements WorkLoop.Step {

    private static final Logger log = LoggerFactory.getLogger(ServeRequests.class);

    /** Failures of the sink in a row that end a replay, so that the others go on. */
    private static final int MOST_FAILURES = 5;

    @Override
    public boolean take(BooleanSupplier ending) {
        boolean redriven = false;
        while (!ending.getAsBoolean() && redriveNext.getAsBoolean()) {
            redriven = true;
        }
        Optional<Replay> claimed = table.claim();
        claimed.ifPresent(replay -> run(replay, ending));
        return redriven || claimed.isPresent();
    }

    private void run(Replay replay, BooleanSupplier ending) {
        log.info("sink.replayBegun: replay begins or goes on replayId={} kind={}", replay.id(), replay.kind());
        long turnEnds = System.nanoTime() + replay.turn().toNanos();
        BooleanSupplier over = () -> ending.getAsBoolean() || System.nanoTime() - turnEnds >= 0;
        try {
            switch (replay.kind()) {
                case OUTPUTS -> outputs.run(replay, over);
                case TASKS -> tasks.run(replay, over);
            }
        } catch (Rejected e) {
            log.error("sink.replayFailed: a replay cannot go on replayId={}", replay.id(), e);
            table.fail(replay, String.valueOf(e.getMessage()));
        } catch (Unavailable | KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            if (table.countFailure(replay) >= MOST_FAILURES) {
                table.fail(replay, "The sink failed " + MOST_FAILURES + " times: see its log.");
            }
            throw e;
        }
    }
}
