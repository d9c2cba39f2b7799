package io.tributary.scheduler.polling;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Has the rest of a transaction find rows by their indexes. A statement's plan is kept, and one made while the tables were
 * small reads the whole of them, batch after batch, when they have grown. Nor is it compiled: the server decides that by
 * the cost it expects, which is too high by far where a limit ends it early.
 */
final class ByIndex {

    private static final String SET = "set local enable_seqscan = off; set local enable_hashjoin = off;"
            + " set local enable_mergejoin = off; set local jit = off";

    private ByIndex() {}

    static void prefer(JdbcClient jdbc) {
        jdbc.sql(SET).update();
    }
}
