package io.tributary.scheduler.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change requested by the API, as responses show it.
 *
 * @param userId of the caller
 * @param orgId organisation of the caller; null: the entry is from before there were organisations
 * @param operator whether the caller was an operator
 * @param action the operation's id in the description of the API
 * @param target path of the resource, or of the created one
 * @param status HTTP status of the response; null: the process died before it
 * @param remoteAddress of the caller
 */
record AuditEntry(
        long id,
        Instant at,
        String userId,
        @Nullable String orgId,
        boolean operator,
        String action,
        String target,
        @Nullable Integer status,
        String remoteAddress) {}
