package io.tributary.scheduler.database;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Connections of the pool for requests. One caller holds a few of them at most, so that slow statements of one leave
 * connections to all others. Who waits for the own share takes no place in the queue of the pool. Thread safe.
 */
final class ConnectionShares {

    private final HikariDataSource pool;
    private final int perCaller;
    private final ConcurrentMap<String, Share> shares = new ConcurrentHashMap<>();

    ConnectionShares(HikariDataSource pool, int perCaller) {
        this.pool = pool;
        this.perCaller = perCaller;
    }

    /** A caller's connections; it exists while the caller holds or awaits one. */
    private static final class Share {
        private final Semaphore free;
        private int requests;

        Share(int connections) {
            this.free = new Semaphore(connections, true);
        }
    }

    /**
     * A connection, whose close returns it. It waits for each, the share and the pool, as long as the pool's timeout.
     */
    Connection connect(String caller) throws SQLException {
        Share share = enter(caller);
        boolean connected = false;
        try {
            await(share);
            try {
                Connection connection = connect();
                connected = true;
                return returning(connection, () -> {
                    share.free.release();
                    leave(caller);
                });
            } finally {
                if (!connected) {
                    share.free.release();
                }
            }
        } finally {
            if (!connected) {
                leave(caller);
            }
        }
    }

    private void await(Share share) throws SQLException {
        try {
            if (!share.free.tryAcquire(pool.getConnectionTimeout(), TimeUnit.MILLISECONDS)) {
                throw new AllConnectionsInUse("the caller's requests use their " + perCaller + " connections", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AllConnectionsInUse("interrupted while waiting for a connection", e);
        }
    }

    private Connection connect() throws SQLException {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            if (pool.getHikariPoolMXBean().getActiveConnections() >= pool.getMaximumPoolSize()) {
                throw new AllConnectionsInUse("all " + pool.getMaximumPoolSize() + " connections are in use", e);
            }
            throw e;
        }
    }

    private Share enter(String caller) {
        return shares.compute(caller, (_, existing) -> {
            Share share = existing == null ? new Share(perCaller) : existing;
            share.requests++;
            return share;
        });
    }

    private void leave(String caller) {
        shares.computeIfPresent(caller, (_, share) -> --share.requests == 0 ? null : share);
    }

    private static Connection returning(Connection connection, Runnable onClose) {
        var closed = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                ConnectionShares.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    try {
                        return invoke(connection, method, arguments);
                    } finally {
                        if (method.getName().equals("close") && closed.compareAndSet(false, true)) {
                            onClose.run();
                        }
                    }
                });
    }

    private static @Nullable Object invoke(Connection connection, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
