package io.tributary.integrations.imap;

import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
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

    /** Most idle connections in all; for one more, the one that is idle for longest is closed. */
    static final int MAX_IDLE = 256;

    /** What to do with a connection. */
    interface Use<T> {
        T apply(ImapConnection connection) throws TaskFailure, InterruptedException;
    }

    /** Where the server is; asked only when a connection has to be opened. */
    interface Addresses {
        List<InetAddress> resolve() throws TaskFailure;
    }

    private record Idle(Account account, ImapConnection connection, ScheduledFuture<?> closing) {}

    private final Duration maxIdleTime;
    private final ScheduledThreadPoolExecutor timer;

    /** The one that is idle for longest comes first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

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
        for (var latest = idle.descendingIterator(); latest.hasNext(); ) {
            Idle kept = latest.next();
            if (kept.account.equals(account)) {
                latest.remove();
                kept.closing.cancel(false);
                return kept.connection;
            }
        }
        return null;
    }

    private void keep(Account account, ImapConnection connection) {
        @Nullable ImapConnection superfluous = connection;
        synchronized (this) {
            if (!closed) {
                ScheduledFuture<?> closing =
                        timer.schedule(() -> closeIdle(connection), maxIdleTime.toMillis(), TimeUnit.MILLISECONDS);
                idle.addLast(new Idle(account, connection, closing));
                superfluous = idle.size() > MAX_IDLE ? idle.removeFirst().connection : null;
            }
        }
        if (superfluous != null) {
            superfluous.logout();
        }
    }

    private void closeIdle(ImapConnection connection) {
        synchronized (this) {
            // A task may have taken it just before this ran.
            if (!idle.removeIf(kept -> kept.connection == connection)) {
                return;
            }
        }
        // Not here: the timer also ends writes that hang, such as that of this goodbye.
        Thread.startVirtualThread(connection::logout);
    }

    /** Closes the idle connections, and from now on each connection after its use. A second call does nothing. */
    @Override
    public void close() {
        List<Idle> closing;
        synchronized (this) {
            closed = true;
            closing = List.copyOf(idle);
            idle.clear();
        }
        closing.forEach(kept -> kept.connection.logout());
        timer.shutdownNow();
    }
}
