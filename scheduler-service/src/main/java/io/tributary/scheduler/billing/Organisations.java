package io.tributary.scheduler.billing;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import org.jspecify.annotations.Nullable;

/** The organisation that a request is about. */
final class Organisations {

    private static final int MAX_ID = 200;

    private Organisations() {}

    /**
     * The organisation of a request, by default the caller's.
     *
     * @throws ApiException when the caller does not administer it: as if it did not exist
     */
    static String require(@Nullable String orgId, Caller caller) {
        var violations = new Violations();
        violations.checkText(orgId, MAX_ID, "orgId");
        violations.throwIfAny();
        String org = orgId == null ? caller.orgId() : orgId;
        if (!caller.administers(org)) {
            throw ApiException.notFound();
        }
        return org;
    }
}
