package io.tributary.worker.engine;

import java.util.Map;
import java.util.Set;

/**
 * The labels that metrics may have: the domains and task types of the loaded integrations. Any other value has the
 * label {@link #OTHER}, so that nobody outside can add time series.
 *
 * @param taskTypes the types of tasks by domain, with those that every integration has
 */
public record TaskLabels(Map<String, Set<String>> taskTypes) {

    /** What no loaded integration declares. */
    public static final String OTHER = "other";

    public TaskLabels {
        taskTypes = Map.copyOf(taskTypes);
    }

    public Set<String> domains() {
        return taskTypes.keySet();
    }

    public String domain(String domain) {
        return taskTypes.containsKey(domain) ? domain : OTHER;
    }

    public String type(String domain, String type) {
        Set<String> types = taskTypes.get(domain);
        return types != null && types.contains(type) ? type : OTHER;
    }
}
