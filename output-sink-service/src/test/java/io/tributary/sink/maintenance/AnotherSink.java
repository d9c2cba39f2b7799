package io.tributary.sink.maintenance;

import io.tributary.sink.SinkDatabase;
import java.util.List;
import java.util.UUID;

/** The sink that goes on with what one began that was killed. */
final class AnotherSink {

    private AnotherSink() {}

    /** Lets the lease of the killed one end, does all that is left of the work, and returns in how many steps. */
    static int finish(SinkDatabase database, MaintenanceJob work) {
        database.owner().update("update sink_maintenance set lease_until = now() - interval '1 second'");
        var table = new MaintenanceTable(database.postgres(), UUID.randomUUID());
        int steps = 0;
        for (var turn = table.claim(List.of(work.name())); turn.isPresent(); turn = table.claim(List.of(work.name()))) {
            table.settle(turn.get(), work.step(turn.get().position()), work.every());
            steps++;
        }
        return steps;
    }
}
