package io.tributary.scheduler.audit;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log. */
@RestController
@RequestMapping(path = "/v1/audit-log", produces = MediaType.APPLICATION_JSON_VALUE)
class AuditLogController {

    /** Longest user id, characters. */
    private static final int MAX_USER_ID = 255;

    private final AuditLog auditLog;

    AuditLogController(AuditLog auditLog) {
        this.auditLog = auditLog;
    }

    @Operation(operationId = "listAuditLog", summary = "List who changed what, newest first; for operators")
    @GetMapping
    Page<AuditEntry> list(
            @RequestParam(required = false) @Nullable String userId,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor,
            Caller caller) {
        var violations = new Violations();
        violations.checkText(userId, MAX_USER_ID, "userId");
        violations.throwIfAny();
        return auditLog.list(userId, limit, cursor, caller);
    }
}
