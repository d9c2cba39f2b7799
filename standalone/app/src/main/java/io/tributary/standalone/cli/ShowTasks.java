package io.tributary.standalone.cli;

import io.tributary.integrations.workbench.InMemoryEngine;
import io.tributary.integrations.workbench.TaskEnd;
import io.tributary.standalone.integration.MeasureExchanges.Measured;
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
    void sum(InMemoryEngine.Sum sum);
}
