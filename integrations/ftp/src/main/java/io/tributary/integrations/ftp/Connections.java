package io.tributary.integrations.ftp;

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

    /** How long a connection may be idle: a run has used it by then, and many a server closes it after a few minutes. */
    static final Duration MAX_IDLE_TIME = Duration.ofSeconds(60);

    /** Most idle connections in all; for one more, the one that is idle for longest is closed. */
    static final int MAX_IDLE = 256;

    /** What to do with a connection. */
    interface Use<T> {
        T apply(RemoteSession connection) throws TaskFailure, InterruptedException;
    }

    /** Where the server is; asked only when a connection has to be opened. */
    interface Addresses {
        List<InetAddress> resolve() throws TaskFailure;
    }

    private record Idle(Account account, RemoteSession connection, ScheduledFuture<?> closing) {}

    private final Duration maxIdleTime;
    private final ScheduledThreadPoolExecutor timer;

    /** The one that is idle for longest comes first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private boolean closed;

    Connections(Duration maxIdleTime) {
        this.maxIdleTime = maxIdleTime;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ftp-connections").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /**
     * Lets a task use a connection of the account: an idle one if there is one, else a new one. What is idle may have been
     * closed by the server meanwhile; if an idle connection breaks, the use starts over on a new one. It must not mind.
     */
    <T> T use(Account account, Addresses addresses, Use<T> use) throws TaskFailure, InterruptedException {
        RemoteSession kept = take(account);
        if (kept != null) {
            try {
                return use(account, kept, use);
            } catch (TaskFailure failure) {
                // A server that closes what is idle may call itself unavailable (421) or say nothing.
                if (!kept.isBroken()) {
                    throw failure;
                }
            }
        }
        return use(account, new OpenSession(account).open(addresses.resolve()), use);
    }

    private <T> T use(Account account, RemoteSession connection, Use<T> use) throws TaskFailure, InterruptedException {
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

    private synchronized @Nullable RemoteSession take(Account account) {
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

    private void keep(Account account, RemoteSession connection) {
        @Nullable RemoteSession superfluous = connection;
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

    private void closeIdle(RemoteSession connection) {
        synchronized (this) {
            // A task may have taken it just before this ran.
            if (!idle.removeIf(kept -> kept.connection == connection)) {
                return;
            }
        }
        // Not here: a goodbye may take a while.
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
