package io.tributary.scheduler;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Makes the remaining statements of a transaction find rows by their indexes. Postgres keeps the plan of a statement: a
 * plan made while the tables were small would read whole tables, batch after batch, after they have grown. Compilation
 * (JIT) is off as well: the server chooses it by the expected cost, which is far too high where a limit ends the
 * statement early.
 */
public final class ByIndex {

    private static final String SET = "set local enable_seqscan = off; set local enable_hashjoin = off;"
            + " set local enable_mergejoin = off; set local jit = off";

    private ByIndex() {}

    public static void prefer(JdbcClient jdbc) {
        jdbc.sql(SET).update();
    }
}
