package io.tributary.scheduler.polling;

import io.tributary.schemas.Task;
import java.util.List;

/** Where initial tasks go. */
interface TaskTopic {

    /**
     * Publishes tasks, in their order, and waits for the broker to have them, up to the producer's delivery timeout.
     *
     * @return one publication a task, in the same order
     */
    List<Publication> publish(List<Task> tasks);
}
