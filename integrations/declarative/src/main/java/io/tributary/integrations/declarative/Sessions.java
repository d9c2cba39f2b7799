package io.tributary.integrations.declarative;

import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of the accounts that this process works for, at most {@value #MOST}; those that were used last. A token
 * is kept in memory alone. One task of an account logs in at a time, and the others take its token. Thread safe.
 */
final class Sessions {

    private static final int MOST = 10_000;

    /** Guarded by itself. */
    private final Map<UUID, Session> sessions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Session> eldest) {
            return size() > MOST;
        }
    };

    /** Logs in, and returns the token. */
    interface LogIn {
        String token() throws TaskFailure, ExpressionFailure, InterruptedException;
    }

    /** That of one account. */
    private static final class Session {
        private final ReentrantLock lock = new ReentrantLock();
        private String of = "";
        private @Nullable String token;
    }

    /**
     * The token of an account's session.
     *
     * @param base where the provider is
     * @param stale the token that the provider does not accept any more; null: none
     */
    String token(TaskContext context, String base, @Nullable String stale, LogIn logIn)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        Session session;
        synchronized (sessions) {
            session = sessions.computeIfAbsent(context.userIntegrationId(), id -> new Session());
        }
        session.lock.lockInterruptibly();
        try {
            String of = fingerprint(context, base);
            if (session.token == null || !session.of.equals(of) || session.token.equals(stale)) {
                session.token = null;
                session.token = logIn.token();
                session.of = of;
            }
            context.conceal("session.token", session.token);
            return session.token;
        } finally {
            session.lock.unlock();
        }
    }

    /** Other credentials, or another provider, need another session. */
    private static String fingerprint(TaskContext context, String base) {
        var all = new StringBuilder(base);
        context.credentials().keys().stream()
                .sorted()
                .forEach(key -> all.append('\n')
                        .append(key)
                        .append('\n')
                        .append(context.credentials().find(key).orElse("")));
        return Values.hash(all.toString());
    }
}
