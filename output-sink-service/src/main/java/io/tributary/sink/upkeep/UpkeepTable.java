package io.tributary.sink.upkeep;

import io.tributary.sink.postgres.InTransaction;
import io.tributary.sink.upkeep.Upkeep.Step;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * Where the rounds are, in Postgres. A sink keeps a round while it takes steps; when it ends unasked, another goes on
 * from the last step that was noted.
 */
public final class UpkeepTable {

    /** Time by the clock of Postgres. Longer than any step. */
    private static final String CLAIM = """
            update upkeep set lease_owner = ?, lease_until = now() + interval '2 minutes'
             where name = (select name from upkeep
                            where name = any(?) and due_at <= now()
                              and (lease_until is null or lease_until < now() or lease_owner = ?)
                            order by due_at, name limit 1 for update skip locked)
            returning name, position""";

    private static final String NOTE = """
            update upkeep set position = ?, removed = removed + ?
             where name = ? and lease_owner = ?""";

    private static final String END = """
            update upkeep
               set position = null, removed = removed + ?, round_ended_at = now(), lease_until = null,
                   due_at = now() + make_interval(secs => ?)
             where name = ? and lease_owner = ?""";

    private final InTransaction transaction;
    private final JdbcClient jdbc;
    private final UUID owner;

    /** @param owner of the leases: this process */
    public UpkeepTable(InTransaction transaction, JdbcClient jdbc, UUID owner) {
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.owner = owner;
    }

    /** The round to take a step of now, if one is due and nobody else's. */
    Optional<Turn> claim(Collection<String> names) {
        return transaction.get(() -> jdbc.sql(CLAIM)
                .params(owner, new SqlArrayValue("text", names.toArray()), owner)
                .query((row, n) -> new Turn(row.getString("name"), row.getString("position")))
                .optional());
    }

    /** Notes where a step led to. Where the round is somebody else's by now, theirs stands. */
    void settle(Turn turn, Step step, Duration every) {
        transaction.run(() -> {
            if (step.next() == null) {
                jdbc.sql(END)
                        .params(step.removed(), every.toSeconds(), turn.name(), owner)
                        .update();
            } else {
                jdbc.sql(NOTE)
                        .params(step.next(), step.removed(), turn.name(), owner)
                        .update();
            }
        });
    }

    /** Gives up what this sink has, for another to go on with at once. */
    void release() {
        transaction.run(() -> jdbc.sql("update upkeep set lease_until = null where lease_owner = ?")
                .param(owner)
                .update());
    }

    /** @param position where the round is; null: at its start */
    record Turn(String name, @Nullable String position) {}
}
