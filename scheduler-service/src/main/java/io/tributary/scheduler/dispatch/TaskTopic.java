package io.tributary.scheduler.dispatch;

import io.tributary.scheduler.kafka.Publication;
import io.tributary.scheduler.kafka.PublishRecords;
import io.tributary.schemas.Task;
import io.tributary.schemas.Topics;
import java.util.List;

/** Takes initial tasks. */
public interface TaskTopic {

    /** The topic of the service. */
    static TaskTopic of(PublishRecords publish, Topics topics) {
        return tasks -> publish.publish(topics.tasks(), tasks, Task::getUserIntegrationId);
    }

    /**
     * Publishes tasks, in their order, and waits until the broker has them, up to the producer's delivery timeout.
     *
     * @return one publication a task, in the same order
     */
    List<Publication> publish(List<Task> tasks);
}
