package io.tributary.sink.maintenance;

import io.tributary.sink.maintenance.MaintenanceJob.Step;
import io.tributary.sink.postgres.Postgres;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SqlArrayValue;

/**
 * The positions of the rounds, in Postgres. A sink holds the lease of a round while it takes steps; after its crash,
 * another sink continues from the last stored step.
 *
 * @param owner of the leases: this process
 */
public record MaintenanceTable(Postgres postgres, UUID owner) {

    /** Time by the clock of Postgres. Longer than any step. */
    private static final String CLAIM = """
        update sink_maintenance set lease_owner = ?, lease_until = now() + interval '2 minutes'
         where name = (select name from sink_maintenance
                        where name = any(?) and due_at <= now()
                          and (lease_until is null or lease_until < now() or lease_owner = ?)
                        order by due_at, name limit 1 for update skip locked)
        returning name, position\
        """;

    private static final String NOTE = """
        update sink_maintenance set position = ?, removed = removed + ?, last_error = null
         where name = ? and lease_owner = ?\
        """;

    private static final String END = """
        update sink_maintenance
           set position = null, removed = removed + ?, round_ended_at = now(), lease_until = null,
               last_error = null, due_at = now() + make_interval(secs => ?)
         where name = ? and lease_owner = ?\
        """;

    private static final String POSTPONE = """
        update sink_maintenance set last_error = ?, due_at = now() + interval '1 minute', lease_until = null
         where name = ? and lease_owner = ?\
        """;

    /** A round that is due and that no other sink holds. */
    Optional<Turn> claim(Collection<String> names) {
        return postgres.get(() -> postgres.sql(CLAIM)
                .params(owner, new SqlArrayValue("text", names.toArray()), owner)
                .query(Turn.class)
                .optional());
    }

    /** Stores the position after a step, unless another sink holds the round by now. */
    void settle(Turn turn, Step step, Duration every) {
        postgres.run(() -> {
            if (step.next() == null) {
                postgres.sql(END)
                        .params(step.removed(), every.toSeconds(), turn.name(), owner)
                        .update();
            } else {
                postgres.sql(NOTE)
                        .params(step.next(), step.removed(), turn.name(), owner)
                        .update();
            }
        });
    }

    /** Postpones a round whose step failed, so that the other rounds go on. */
    void postpone(Turn turn, String error) {
        postgres.run(
                () -> postgres.sql(POSTPONE).params(error, turn.name(), owner).update());
    }

    /** Releases the rounds of this sink, so that another sink can continue immediately. */
    void release() {
        postgres.run(() -> postgres.sql("update sink_maintenance set lease_until = null where lease_owner = ?")
                .param(owner)
                .update());
    }

    /** @param position progress of the round; null: at its start */
    record Turn(String name, @Nullable String position) {}
}
