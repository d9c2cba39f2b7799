package io.tributary.sink.replay;

import io.tributary.sink.consume.Outage;
import io.tributary.sink.consume.Unavailable;
import io.tributary.sink.postgres.Refused;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Works on what somebody asked for - replays, and outputs to be applied again - on one thread beside those that consume:
 * it shares nothing with them but Postgres. In an outage it waits, and goes on where it was.
 */
public final class ReplayThread implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ReplayThread.class);

    /** Time between two looks at the tables. */
    private static final Duration REST = Duration.ofSeconds(1);

    /** How long a stop waits for the batch at hand. */
    private static final Duration STOP = Duration.ofSeconds(20);

    private final ReplayTable table;
    private final RunReplay<?> outputs;
    private final RunReplay<?> tasks;
    private final BooleanSupplier redriveNext;
    private final Outage outage;
    private final CountDownLatch ending = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** @param redriveNext applies one output again; false: there is none */
    public ReplayThread(
            ReplayTable table, RunReplay<?> outputs, RunReplay<?> tasks, BooleanSupplier redriveNext, Outage outage) {
        this.table = table;
        this.outputs = outputs;
        this.tasks = tasks;
        this.redriveNext = redriveNext;
        this.outage = outage;
    }

    @Override
    public synchronized void start() {
        thread = Thread.ofPlatform().name("sink-replay").daemon().start(this::work);
    }

    @Override
    public synchronized void stop() {
        ending.countDown();
        Thread working = thread;
        try {
            if (working != null && !working.join(STOP)) {
                working.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return thread != null && thread.isAlive();
    }

    private void work() {
        while (!isEnding()) {
            try {
                boolean worked = turn();
                outage.end();
                if (!worked) {
                    rest(REST);
                }
            } catch (InterruptException e) {
                Thread.currentThread().interrupt(); // somebody wants this thread to end
            } catch (Unavailable | KafkaException e) {
                outage.begin(e instanceof Unavailable away ? away.what() : "kafka");
                log.warn(
                        "sink.replayWaiting: going on when it is back waitMillis={} cause={}",
                        outage.remaining().toMillis(),
                        e.getMessage());
                rest(outage.remaining());
            } catch (RuntimeException e) {
                outage.begin("replay");
                log.error("sink.replayThreadFailed: trying again", e);
                rest(outage.remaining());
            }
        }
    }

    /** Returns whether there was anything to do. */
    private boolean turn() {
        boolean redriven = false;
        while (!isEnding() && redriveNext.getAsBoolean()) {
            redriven = true;
        }
        Optional<Replay> claimed = table.claim();
        claimed.ifPresent(this::run);
        return redriven || claimed.isPresent();
    }

    private void run(Replay replay) {
        log.info("replay begins or goes on replayId={} kind={}", replay.id(), replay.kind());
        try {
            switch (replay.kind()) {
                case OUTPUTS -> outputs.run(replay, this::isEnding);
                case TASKS -> tasks.run(replay, this::isEnding);
            }
        } catch (Refused e) {
            log.error("sink.replayFailed: a replay cannot go on replayId={}", replay.id(), e);
            table.fail(replay, e);
        }
    }

    private void rest(Duration time) {
        try {
            boolean ended = ending.await(time.toMillis(), TimeUnit.MILLISECONDS);
            log.trace("rested ended={}", ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isEnding() {
        return ending.getCount() == 0 || Thread.currentThread().isInterrupted();
    }
}
