package io.tributary.sink.upkeep;

import io.tributary.sink.consume.Outage;
import io.tributary.sink.consume.Unavailable;
import io.tributary.sink.postgres.Refused;
import io.tributary.sink.upkeep.Upkeep.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Takes the steps of what is due, one after the other with a pause between, on one thread beside those that consume. In an
 * outage it waits, and goes on where it was.
 */
public final class UpkeepThread implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(UpkeepThread.class);

    /** Time between two looks at the table while nothing is due. */
    private static final Duration REST = Duration.ofSeconds(1);

    /** How long a stop waits for the step at hand. */
    private static final Duration STOP = Duration.ofSeconds(20);

    private final UpkeepTable table;
    private final Map<String, Upkeep> works;
    private final Duration pause;
    private final Outage outage;
    private final CountDownLatch ending = new CountDownLatch(1);
    private @Nullable Thread thread;

    /** @param pause between two steps, in which others have Postgres and its autovacuum to themselves */
    public UpkeepThread(UpkeepTable table, List<Upkeep> works, Duration pause, Outage outage) {
        this.table = table;
        this.works = works.stream().collect(Collectors.toMap(Upkeep::name, Function.identity()));
        this.pause = pause;
        this.outage = outage;
    }

    @Override
    public synchronized void start() {
        thread = Thread.ofPlatform().name("sink-upkeep").daemon().start(this::work);
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
                rest(worked ? pause : REST);
            } catch (InterruptException e) {
                Thread.currentThread().interrupt(); // somebody wants this thread to end
            } catch (Unavailable | KafkaException e) {
                outage.begin(e instanceof Unavailable away ? away.what() : "kafka");
                log.warn(
                        "sink.upkeepWaiting: going on when it is back waitMillis={} cause={}",
                        outage.remaining().toMillis(),
                        e.getMessage());
                rest(outage.remaining());
            } catch (Refused e) {
                outage.begin("upkeep");
                log.error("sink.upkeepRefused: a step cannot be taken, trying again sqlState={}", e.sqlState(), e);
                rest(outage.remaining());
            } catch (RuntimeException e) {
                outage.begin("upkeep");
                log.error("sink.upkeepThreadFailed: trying again", e);
                rest(outage.remaining());
            }
        }
        leave();
    }

    /** Returns whether there was anything to do. */
    boolean turn() {
        var claimed = table.claim(works.keySet());
        claimed.ifPresent(turn -> {
            Upkeep work = Objects.requireNonNull(works.get(turn.name()), "claimed by name");
            Step step = work.step(turn.position());
            table.settle(turn, step, work.every());
            if (step.removed() > 0) {
                log.info("upkeep name={} removed={} position={}", turn.name(), step.removed(), step.next());
            }
        });
        return claimed.isPresent();
    }

    private void leave() {
        try {
            table.release();
        } catch (Unavailable | Refused e) {
            log.debug("the lease runs out by itself", e);
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
