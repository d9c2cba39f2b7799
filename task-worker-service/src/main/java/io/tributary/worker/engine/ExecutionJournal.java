package io.tributary.worker.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tasks execute on this worker, in a file that outlives its death: what stands in it at the next start was
 * executing when the process died, and one of them may be why.
 *
 * <pre>
 *   slot: task id (16 bytes) | deaths (4) | executing (4)      zeros: free
 * </pre>
 *
 * <p>A task that was executing at one death is executed as always, since most deaths have other reasons. Once a task was
 * executing at two, all that were executing at any are executed one at a time, so that the next death says whose it is.
 * A task is set aside after four: of the two at which it was the only suspect, one may be the doing of a task that was
 * not suspect yet, and that one is suspect from then on. The file is mapped: a write costs nanoseconds, and the pages
 * stay with the system when the process is killed. Thread safe.
 */
public final class ExecutionJournal {

    /** Deaths of one task after which suspects are executed one at a time. */
    static final int DEATHS_UNTIL_ALONE = 2;
    /** Deaths after which a task is set aside. */
    public static final int DEATHS_AT_MOST = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ExecutionJournal.class);

    private static final int SLOTS = 16_384;
    private static final int SLOT_BYTES = 24;

    /** Size of the journal. */
    static final int BYTES = SLOTS * SLOT_BYTES;

    private final ByteBuffer slots;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final Map<UUID, Suspect> suspects = new HashMap<>();
    private final Map<Integer, Thread> executing = new HashMap<>();
    private final Semaphore alone = new Semaphore(1);
    private volatile boolean anySuspects;

    private record Suspect(int slot, int deaths) {}

    private ExecutionJournal(ByteBuffer slots) {
        this.slots = slots;
        for (int slot = SLOTS - 1; slot >= 0; slot--) {
            read(slot);
        }
        anySuspects = !suspects.isEmpty();
        if (anySuspects) {
            LOG.warn(
                    "worker.diedWhileExecuting: the worker died without a stop, or lost count of tasks it executed"
                            + " then tasks={} mostDeaths={}",
                    suspects.size(),
                    suspects.values().stream().mapToInt(Suspect::deaths).max().orElse(0));
        }
    }

    /**
     * Opens the journal and counts a death for each task that was executing.
     *
     * @param file made if it is not there; a worker's alone
     * @throws IOException when it cannot be written
     */
    public static ExecutionJournal open(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new ExecutionJournal(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
        }
    }

    /** A journal in memory of {@link #BYTES}. */
    static ExecutionJournal in(ByteBuffer memory) {
        return new ExecutionJournal(memory);
    }

    private void read(int slot) {
        int at = slot * SLOT_BYTES;
        var id = new UUID(slots.getLong(at), slots.getLong(at + 8));
        int deaths = slots.getInt(at + 16) + slots.getInt(at + 20);
        // One death of many tasks says little about each: those are the first to be forgotten.
        boolean remembered = deaths > 1 || deaths == 1 && suspects.size() < SLOTS / 2;
        if (remembered && suspects.putIfAbsent(id, new Suspect(slot, deaths)) == null) {
            slots.putInt(at + 16, deaths);
            slots.putInt(at + 20, 0);
        } else {
            clear(slot);
        }
    }

    /** At how many deaths the task was executing here. */
    int deathsOf(UUID taskId) {
        if (!anySuspects) {
            return 0;
        }
        synchronized (this) {
            Suspect suspect = suspects.get(taskId);
            return suspect == null ? 0 : suspect.deaths();
        }
    }

    /** Whether a task that was executing at so many deaths is executed only while no other suspect is. */
    boolean isExecutedAlone(int deaths) {
        if (deaths == 0 || deaths >= DEATHS_UNTIL_ALONE) {
            return deaths > 0;
        }
        synchronized (this) {
            return suspects.values().stream().anyMatch(suspect -> suspect.deaths() >= DEATHS_UNTIL_ALONE);
        }
    }

    /** Notes that the calling thread executes a task. Returns its slot, or -1 when all are taken. */
    synchronized int begin(UUID taskId) {
        Suspect suspect = suspects.get(taskId);
        Integer slot = suspect == null ? free.poll() : Integer.valueOf(suspect.slot());
        if (slot == null) {
            return -1;
        }
        int at = slot * SLOT_BYTES;
        slots.putLong(at, taskId.getMostSignificantBits());
        slots.putLong(at + 8, taskId.getLeastSignificantBits());
        slots.putInt(at + 20, 1);
        executing.put(slot, Thread.currentThread());
        return slot;
    }

    /** The task has come to an end, and the process lives: it is suspect no more. */
    synchronized void end(UUID taskId, int slot) {
        if (executing.remove(slot, Thread.currentThread())) {
            suspects.remove(taskId);
            anySuspects = !suspects.isEmpty();
            clear(slot);
        }
    }

    /**
     * The attempt was given up, which counts on its own, and its thread goes on all the same: when the worker dies now,
     * others are to blame.
     */
    synchronized void giveUp(int slot, Thread thread) {
        if (executing.remove(slot, thread)) {
            settle(slot);
        }
    }

    /** Forgets a task that is suspect and will not be executed. */
    synchronized void forget(UUID taskId) {
        Suspect suspect = suspects.remove(taskId);
        if (suspect != null) {
            anySuspects = !suspects.isEmpty();
            clear(suspect.slot());
        }
    }

    /** Held by the task that is executed alone among its like. */
    Semaphore alone() {
        return alone;
    }

    /** The worker stops in order: what still executes is not to blame, but for what ordered the stop. */
    public synchronized void stop() {
        executing.forEach((slot, thread) -> {
            if (!exits(thread)) {
                settle(slot);
            }
        });
        executing.clear();
    }

    private static boolean exits(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit"));
    }

    /** The slot's task does not execute; earlier deaths still count. */
    private void settle(int slot) {
        slots.putInt(slot * SLOT_BYTES + 20, 0);
        if (slots.getInt(slot * SLOT_BYTES + 16) == 0) {
            clear(slot);
        }
    }

    private void clear(int slot) {
        int at = slot * SLOT_BYTES;
        slots.putInt(at + 20, 0);
        slots.putInt(at + 16, 0);
        slots.putLong(at, 0);
        slots.putLong(at + 8, 0);
        free.push(slot);
    }
}
