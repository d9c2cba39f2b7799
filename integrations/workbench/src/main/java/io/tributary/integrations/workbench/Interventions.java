package io.tributary.integrations.workbench;

import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a test does to a run while it goes on.
 *
 * @param crashAfterTask number of the task whose result is lost once, from 1; 0: none
 * @param afterTask called when the result of a task was taken, with the number of tasks taken so far
 * @param renewal where credentials come from after a refusal; null: nowhere
 * @param deadline how long a task may run
 */
record Interventions(
        int crashAfterTask, IntConsumer afterTask, @Nullable Supplier<Map<String, String>> renewal, Deadline deadline) {

    static final Interventions NONE = new Interventions(0, number -> {}, null, Deadline.NONE);

    Interventions crashingAfter(int task) {
        return new Interventions(task, afterTask, renewal, deadline);
    }

    Interventions after(IntConsumer eachTask) {
        return new Interventions(crashAfterTask, eachTask, renewal, deadline);
    }

    Interventions renewing(Supplier<Map<String, String>> credentials) {
        return new Interventions(crashAfterTask, afterTask, credentials, deadline);
    }

    Interventions within(Deadline time) {
        return new Interventions(crashAfterTask, afterTask, renewal, time);
    }

    /** What goes on in the next run: a crash and what happens between tasks are for one run only. */
    Interventions ofNextRun() {
        return new Interventions(0, NONE.afterTask, renewal, deadline);
    }
}
