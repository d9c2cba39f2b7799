package io.tributary.standalone.cli;

import io.tributary.standalone.integration.FollowTasks;
import io.tributary.standalone.integration.MeasureExchanges.Measured;
import io.tributary.standalone.integration.TaskEnd;
import java.util.List;

/** Shows what tasks came to, without secrets. */
interface ShowTasks {

    /**
     * A task has ended.
     *
     * @param exchanges that it had
     */
    void task(TaskEnd end, List<Measured> exchanges);

    /** The last one has. */
    void sum(FollowTasks.Sum sum);
}
