package io.tributary.schemas;

import java.util.Map;

/** What everybody who applies the migrations in {@code db/migration} has to tell Flyway. */
public final class Migrations {

    /**
     * Settings by their Flyway name. Without them, Flyway holds a transaction open for its lock, for whose end {@code
     * create index concurrently} would wait for ever; so its lock is one of the session. The connection must therefore
     * belong to one client as long as it lasts: not to a pooler in transaction mode.
     */
    public static final Map<String, String> SETTINGS = Map.of("flyway.postgresql.transactional.lock", "false");

    private Migrations() {}
}
