package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.workbench.server.ReceivedRequest;
import java.util.Map;
import java.util.Optional;

/**
 * A request of a list, with its parameters: those of the query, or those of the JSON body where the list is asked for
 * by {@code POST}.
 */
record ApiRequest(ReceivedRequest received, boolean inBody) {

    /** @param name in a body a path such as {@code page.token} */
    Optional<String> parameter(String name) {
        Optional<String> inQuery = received.query(name);
        if (inQuery.isPresent() || !inBody) {
            return inQuery;
        }
        Object at = received.json().values();
        for (String step : name.split("\\.")) {
            at = at instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return Optional.ofNullable(at).map(String::valueOf);
    }
}
