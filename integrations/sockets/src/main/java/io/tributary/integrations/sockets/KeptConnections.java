package io.tributary.integrations.sockets;

import io.tributary.integrations.api.TaskFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
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
 * <p>An idle connection serves only an equal account: when host, username, password or anything else of it changes, the
 * connection is not found any more and closes after its time. There are no more connections in use than tasks run,
 * which the manifest's concurrency bounds for each account, and no more than {@link #MAX_IDLE} idle ones in all. For
 * any number of threads.
 *
 * @param <A> an account: everything a connection depends on, with {@code equals}
 * @param <C> a connection that is logged in
 */
public final class KeptConnections<A, C extends KeptConnections.Connection> implements AutoCloseable {

    /**
     * How long a connection may be idle. The tasks of a run follow each other within it, and the connections of an
     * account that was deleted are closed by then.
     */
    public static final Duration MAX_IDLE_TIME = Duration.ofSeconds(10);

    /** Most idle connections in all; for one more, the one that is idle for longest is closed. */
    static final int MAX_IDLE = 256;

    /** A connection that can be used again. */
    public interface Connection {
        /** Whether the connection itself failed: nothing can be done with it but {@link #disconnect}. */
        boolean isBroken();

        /** Says goodbye, briefly, and closes. */
        void logout();

        /** Closes at once. */
        void disconnect();
    }

    /** Opens a connection; called only when no idle one is found. */
    public interface Open<C> {
        C open() throws TaskFailure, InterruptedException;
    }

    /** What to do with a connection. */
    public interface Use<C, T> {
        T apply(C connection) throws TaskFailure, InterruptedException;
    }

    private record Idle<A, C>(A account, C connection, ScheduledFuture<?> closing) {}

    private final Duration maxIdleTime;
    private final ScheduledThreadPoolExecutor timer;

    /** The one that is idle for longest comes first. */
    private final Deque<Idle<A, C>> idle = new ArrayDeque<>();

    private boolean closed;

    /** @param name of the thread that closes idle connections */
    public KeptConnections(String name, Duration maxIdleTime) {
        this.maxIdleTime = maxIdleTime;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name(name).factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** For timeouts of the connections. What it runs must be brief. */
    public ScheduledExecutorService timer() {
        return timer;
    }

    /**
     * Lets a task use a connection of the account: an idle one if there is one, else a new one. The server may have
     * closed an idle connection meanwhile; if one breaks, the use starts over on a new connection. It must not mind.
     */
    public <T> T use(A account, Open<C> open, Use<? super C, T> use) throws TaskFailure, InterruptedException {
        C kept = take(account);
        if (kept != null) {
            try {
                return use(account, kept, use);
            } catch (TaskFailure failure) {
                // A server that closes idle connections may call itself unavailable or say nothing.
                if (!kept.isBroken()) {
                    throw failure;
                }
            }
        }
        return use(account, open.open(), use);
    }

    private <T> T use(A account, C connection, Use<? super C, T> use) throws TaskFailure, InterruptedException {
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

    private synchronized @Nullable C take(A account) {
        for (var latest = idle.descendingIterator(); latest.hasNext(); ) {
            Idle<A, C> kept = latest.next();
            if (kept.account.equals(account)) {
                latest.remove();
                kept.closing.cancel(false);
                return kept.connection;
            }
        }
        return null;
    }

    private void keep(A account, C connection) {
        @Nullable C superfluous = connection;
        synchronized (this) {
            if (!closed) {
                ScheduledFuture<?> closing =
                        timer.schedule(() -> closeIdle(connection), maxIdleTime.toMillis(), TimeUnit.MILLISECONDS);
                idle.addLast(new Idle<>(account, connection, closing));
                superfluous = idle.size() > MAX_IDLE ? idle.removeFirst().connection : null;
            }
        }
        if (superfluous != null) {
            superfluous.logout();
        }
    }

    private void closeIdle(C connection) {
        synchronized (this) {
            // A task may have taken it just before this ran.
            if (!idle.removeIf(kept -> kept.connection == connection)) {
                return;
            }
        }
        // On a thread of its own: a goodbye may take a while, and the timer also ends writes that hang.
        Thread.startVirtualThread(connection::logout);
    }

    /** Closes the idle connections, and from now on each connection after its use. A second call does nothing. */
    @Override
    public void close() {
        List<Idle<A, C>> closing;
        synchronized (this) {
            closed = true;
            closing = List.copyOf(idle);
            idle.clear();
        }
        closing.forEach(kept -> kept.connection.logout());
        timer.shutdownNow();
    }
}
