package io.tributary.worker.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executing tasks of this worker, in a file that survives a crash: the tasks in it at the next start were executing
 * when the process died, and one of them may be the cause.
 *
 * <pre>
 *   slot: task id (16 bytes) | deaths (4) | executing (4)      zeros: free
 * </pre>
 *
 * <p>After one death, a task is executed as usual, since most deaths have other causes. After two deaths of one task,
 * all tasks with a death are executed one at a time, so that the next death identifies the cause. A task is
 * dead-lettered after four deaths: a task that was not a suspect yet may have caused one of the two deaths with a
 * single suspect, and is a suspect from then on. The file is mapped: a write costs nanoseconds, and the pages stay with
 * the system when the process is killed. Thread safe.
 */
public final class ExecutionJournal {

    /** Deaths of one task after which suspects are executed one at a time. */
    static final int DEATHS_UNTIL_ALONE = 2;
    /** Deaths after which a task is dead-lettered. */
    public static final int DEATHS_AT_MOST = 4;

    /** Code of the wait of a suspect for another one. */
    static final String SUSPECT_WAITS = "polling.suspectWaits";

    /** Time after which such a suspect tries again. */
    static final Duration SUSPECT_WAIT = Duration.ofMillis(200);

    private static final Logger log = LoggerFactory.getLogger(ExecutionJournal.class);

    private static final int SLOTS = 16_384;
    private static final int SLOT_BYTES = 24;

    /** Size of the journal. */
    static final int BYTES = SLOTS * SLOT_BYTES;

    private final ByteBuffer slots;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final Map<UUID, Suspect> suspects = new HashMap<>();
    private final Map<Integer, Thread> executing = new HashMap<>();
    private @Nullable UUID alone;
    private volatile boolean anySuspects;

    private record Suspect(int slot, int deaths) {}

    private ExecutionJournal(ByteBuffer slots) {
        this.slots = slots;
        for (int slot = SLOTS - 1; slot >= 0; slot--) {
            read(slot);
        }
        anySuspects = !suspects.isEmpty();
        if (anySuspects) {
            log.warn(
                    "worker.diedWhileExecuting: the worker died, or miscounted tasks, while it executed tasks"
                            + " tasks={} mostDeaths={}",
                    suspects.size(),
                    suspects.values().stream().mapToInt(Suspect::deaths).max().orElse(0));
        }
    }

    /**
     * Opens the journal and counts a death for each task that was executing.
     *
     * @param file created if it does not exist; not shared with another worker
     * @throws IOException when it cannot be written
     */
    public static ExecutionJournal open(Path file) throws IOException {
        if (isTemporary(file)) {
            log.warn(
                    "worker.journalTemporary: the state directory is in the temporary folder. If that does not outlive"
                            + " the process, as in a container, a task that kills the worker is dead-lettered late:"
                            + " set tributary.worker.state-directory to a volume file={}",
                    file);
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return new ExecutionJournal(channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
        }
    }

    /** Whether a file is in the temporary folder of the system, which may not outlive the process. */
    static boolean isTemporary(Path file) {
        return file.toAbsolutePath()
                .normalize()
                .startsWith(Path.of(System.getProperty("java.io.tmpdir"))
                        .toAbsolutePath()
                        .normalize());
    }

    /** A journal in memory of {@link #BYTES}. */
    static ExecutionJournal in(ByteBuffer memory) {
        return new ExecutionJournal(memory);
    }

    private void read(int slot) {
        int at = slot * SLOT_BYTES;
        var id = new UUID(slots.getLong(at), slots.getLong(at + 8));
        int deaths = slots.getInt(at + 16) + slots.getInt(at + 20);
        // A death with many executing tasks is weak evidence against each: these are forgotten first.
        boolean remembered = deaths > 1 || deaths == 1 && suspects.size() < SLOTS / 2;
        if (remembered && suspects.putIfAbsent(id, new Suspect(slot, deaths)) == null) {
            slots.putInt(at + 16, deaths);
            slots.putInt(at + 20, 0);
        } else {
            clear(slot);
        }
    }

    /** Number of deaths of this worker during the task. */
    int deathsOf(UUID taskId) {
        if (!anySuspects) {
            return 0;
        }
        synchronized (this) {
            Suspect suspect = suspects.get(taskId);
            return suspect == null ? 0 : suspect.deaths();
        }
    }

    /** Whether a task with this number of deaths is executed only while no other suspect is. */
    boolean isExecutedAlone(int deaths) {
        if (deaths == 0 || deaths >= DEATHS_UNTIL_ALONE) {
            return deaths > 0;
        }
        synchronized (this) {
            return suspects.values().stream().anyMatch(suspect -> suspect.deaths() >= DEATHS_UNTIL_ALONE);
        }
    }

    /** Adds the task of the calling thread. Returns its slot, or -1 when all are taken. */
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

    /** The task has ended, and the process lives: the task is no longer a suspect. */
    synchronized void end(UUID taskId, int slot) {
        if (executing.remove(slot, Thread.currentThread())) {
            suspects.remove(taskId);
            anySuspects = !suspects.isEmpty();
            clear(slot);
        }
    }

    /**
     * The attempt was given up, which counts as a failure, but its thread continues: a death from now on does not count
     * against this task.
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

    /** Adds deaths during a task that this journal may not know of: those of processes whose journals are lost. */
    synchronized void suspect(UUID taskId, int deaths) {
        Suspect known = suspects.get(taskId);
        Integer slot = known == null ? free.poll() : Integer.valueOf(known.slot());
        if (slot != null && (known == null || known.deaths() < deaths)) {
            int at = slot * SLOT_BYTES;
            slots.putLong(at, taskId.getMostSignificantBits());
            slots.putLong(at + 8, taskId.getLeastSignificantBits());
            slots.putInt(at + 16, deaths);
            suspects.put(taskId, new Suspect(slot, deaths));
            anySuspects = true;
        }
    }

    /** Whether a suspect may execute: no other one does. It may until it {@link #leaveAlone}. */
    synchronized boolean beAlone(UUID taskId) {
        if (alone == null) {
            alone = taskId;
        }
        return alone.equals(taskId);
    }

    /** The suspect does not execute any more. Does nothing for another task. */
    synchronized void leaveAlone(UUID taskId) {
        if (taskId.equals(alone)) {
            alone = null;
        }
    }

    /** The worker is about to stop: this counts against no executing task, except one that caused the stop. */
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
