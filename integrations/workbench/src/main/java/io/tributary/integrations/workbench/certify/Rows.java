package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.InMemoryRun;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The items of an account as the sink would keep them: written, deleted, and gone when a complete listing lacks them.
 */
final class Rows {

    private final Map<String, Output> items = new TreeMap<>();

    /** Takes what a run brought. */
    void take(InMemoryRun run) {
        var present = new HashSet<>(run.listing().externalIds());
        for (Output output : itemsOf(run)) {
            String id = idOf(output);
            if (output.kind() == Output.Kind.DELETION) {
                items.remove(id);
            } else {
                items.put(id, output);
                present.add(id);
            }
        }
        if (run.succeeded() && run.listing().everything()) {
            items.keySet().retainAll(present);
        }
    }

    /** Figures come beside the items that they are measured of; of a run with figures only, they are the items. */
    static List<Output> itemsOf(InMemoryRun run) {
        List<Output> items = run.outputs().stream()
                .filter(output -> output.kind() != Output.Kind.METRIC)
                .toList();
        return items.isEmpty() ? run.outputs() : items;
    }

    static String idOf(Output output) {
        String id = output.externalId();
        if (id == null) {
            throw new Breach("the output '" + output.name() + "' has no external id: each sync would store it anew");
        }
        return id;
    }

    Set<String> ids() {
        return Set.copyOf(items.keySet());
    }

    Output item(String externalId) {
        Output item = items.get(externalId);
        if (item == null) {
            throw new Breach("lost: " + externalId);
        }
        return item;
    }

    /** By external id. */
    Map<String, Output> items() {
        return Map.copyOf(items);
    }
}
