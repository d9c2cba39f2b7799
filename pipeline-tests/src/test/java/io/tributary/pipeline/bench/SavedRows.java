package io.tributary.pipeline.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What Postgres says about runs of a sink's benchmark. For one thread. */
final class SavedRows {

    private static final String OUTPUTS = "select sum(outputs_saved) from sync_run where id in (:runs)";

    /** A run of which an output was set aside ends as partial. */
    private static final String ENDED = """
        select count(*) from sync_run
         where id in (:runs) and finished_at is not null
           and status = case when outputs_dead_lettered = 0 then 'succeeded' else 'partial' end\
        """;

    private static final String SUMS = """
        select (select sum(outputs_saved) from sync_run where id in (:runs)),
               (select sum(rows_inserted + rows_updated + rows_unchanged) from sync_run where id in (:runs)),
               count(*), sum((content_metadata ->> 'item')::bigint), sum(length(content)),
               (select count(*) from dead_letter where run_id in (:runs))
          from user_integration_content where user_integration_id in (:accounts) and deleted_at is null\
        """;

    private final JdbcClient database;
    private final List<UUID> runs;

    SavedRows(JdbcClient database, List<UUID> runs) {
        this.database = database;
        this.runs = runs;
    }

    /**
     * What must be there after runs of some accounts.
     *
     * @param outputs counted by the runs
     * @param counted rows by what became of them, added up
     * @param rows in the table
     * @param items numbers of the items, added up
     * @param characters of content
     * @param deadLetters of outputs that Postgres does not take
     */
    record Sums(long outputs, long counted, long rows, long items, long characters, long deadLetters) {}

    static Sums expected(Collection<UUID> accounts, MailOutputs mails, int items) {
        long rows = 0;
        long numbers = 0;
        for (UUID account : accounts) {
            for (int item = 0; item < items; item++) {
                if (!mails.isPoison(account, item)) {
                    rows++;
                    numbers += item;
                }
            }
        }
        long poisoned = (long) accounts.size() * items - rows;
        return new Sums(rows, rows, rows, numbers, rows * MailOutputs.CONTENT_CHARACTERS, poisoned);
    }

    long outputs() {
        return number(OUTPUTS);
    }

    long endedRuns() {
        return number(ENDED);
    }

    /** @throws IllegalStateException it is not what must be there */
    void check(List<UUID> accounts, Sums expected) throws InterruptedException {
        if (expected.deadLetters() > 0) { // they come by another topic
            Await.until(
                    "dead letters",
                    Duration.ofMinutes(1),
                    () -> sums(accounts).deadLetters() >= expected.deadLetters());
        }
        Sums sums = sums(accounts);
        if (!sums.equals(expected)) {
            throw new IllegalStateException("saved is " + sums + ", and should be " + expected);
        }
    }

    private Sums sums(List<UUID> accounts) {
        return database.sql(SUMS)
                .param("runs", runs)
                .param("accounts", accounts)
                .query((row, number) -> new Sums(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)))
                .single();
    }

    private long number(String query) {
        return database.sql(query).param("runs", runs).query(Long.class).single();
    }
}
