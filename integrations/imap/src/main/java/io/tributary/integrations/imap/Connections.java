package io.tributary.integrations.imap;

import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps connections open between the tasks of a user integration. A connection is in use, idle or closed:
 *
 * <pre>
 * open -> in use -> idle -> in use ...
 *           |        '-> closed, after a while without use, or at the end
 *           '-> closed, when it broke or the task failed in an unforeseen way
 * </pre>
 *
 * <p>An idle connection is for its {@link Account} only: when host, username, password or anything else of it changes, it
 * is not found any more and closes after its time. There are no more in use than tasks run, which the manifest's
 * concurrency bounds for each account, and no more than {@link #MAX_IDLE} idle ones in all. For any number of threads.
 */
final class Connections implements AutoCloseable {

    /** How long a connection may be idle: a run has used it by then, and a server keeps it for 30 minutes or more. */
    static final Duration MAX_IDLE_TIME = Duration.ofSeconds(60);

    /** Most idle connections in all. */
    static final int MAX_IDLE = 256;

    /** What to do with a connection. */
    interface Use<T> {
        T apply(ImapConnection connection) throws TaskFailure, InterruptedException;
    }

    /** Where the server is; asked only when a connection has to be opened. */
    interface Addresses {
        List<InetAddress> resolve() throws TaskFailure;
    }

    private record Idle(ImapConnection connection, ScheduledFuture<?> closing) {}

    private final Duration maxIdleTime;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<Account, Deque<Idle>> idle = new HashMap<>();
    private int idleCount;
    private boolean closed;

    Connections(Duration maxIdleTime) {
        this.maxIdleTime = maxIdleTime;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("imap-connections").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Lets a task use a connection of the account: an idle one if there is one, else a new one. What is idle may have been
     * closed by the server meanwhile; if an idle connection breaks, the use starts over on a new one. It must not mind.
     */
    <T> T use(Account account, Addresses addresses, Use<T> use) throws TaskFailure, InterruptedException {
        ImapConnection kept = take(account);
        if (kept != null) {
            try {
                return use(account, kept, use);
            } catch (TaskFailure.Transient failure) {
                if (!kept.isBroken()) {
                    throw failure;
                }
            }
        }
        return use(account, new OpenConnection(account, timer).open(addresses.resolve()), use);
    }

    private <T> T use(Account account, ImapConnection connection, Use<T> use) throws TaskFailure, InterruptedException {
        boolean asGoodAsBefore = false;
        try {
            T result = use.apply(connection);
            asGoodAsBefore = true;
            return result;
        } catch (TaskFailure failure) {
            asGoodAsBefore = true;
            throw failure;
        } finally {
            if (asGoodAsBefore && !connection.isBroken()) {
                keep(account, connection);
            } else {
                connection.disconnect();
            }
        }
    }

    private synchronized @Nullable ImapConnection take(Account account) {
        Deque<Idle> connections = idle.get(account);
        if (connections == null) {
            return null;
        }
        Idle latest = connections.removeLast();
        latest.closing.cancel(false);
        forget(account, connections);
        return latest.connection;
    }

    private void keep(Account account, ImapConnection connection) {
        synchronized (this) {
            if (!closed && idleCount < MAX_IDLE) {
                ScheduledFuture<?> closing = timer.schedule(
                        () -> closeIdle(account, connection), maxIdleTime.toMillis(), TimeUnit.MILLISECONDS);
                idle.computeIfAbsent(account, key -> new ArrayDeque<>()).addLast(new Idle(connection, closing));
                idleCount++;
                return;
            }
        }
        connection.logout();
    }

    private void closeIdle(Account account, ImapConnection connection) {
        synchronized (this) {
            Deque<Idle> connections = idle.get(account);
            // A task may have taken it just before this ran.
            if (connections == null || !connections.removeIf(kept -> kept.connection == connection)) {
                return;
            }
            forget(account, connections);
        }
        // Not here: the timer also ends writes that hang, such as that of this goodbye.
        Thread.startVirtualThread(connection::logout);
    }

    /** Counts one idle connection less. */
    private void forget(Account account, Deque<Idle> connections) {
        idleCount--;
        if (connections.isEmpty()) {
            idle.remove(account);
        }
    }

    synchronized int idleCount() {
        return idleCount;
    }

    /** Closes the idle connections, and from now on each connection after its use. A second call does nothing. */
    @Override
    public void close() {
        var closing = new ArrayList<Idle>();
        synchronized (this) {
            closed = true;
            idle.values().forEach(closing::addAll);
            idle.clear();
            idleCount = 0;
        }
        closing.forEach(kept -> kept.connection.logout());
        timer.shutdownNow();
    }
}
