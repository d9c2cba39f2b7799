package io.tributary.scheduler.audit;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
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
record AuditLogController(AuditLog auditLog) {

    /** Longest user id, characters. */
    private static final int MAX_USER_ID = 255;

    @Operation(operationId = "listAuditLog", summary = "List changes and their callers, newest first")
    @GetMapping
    Page<AuditEntry> list(@RequestParam(required = false) @Nullable String userId, PageRequest page, Caller caller) {
        var violations = new Violations();
        violations.checkText(userId, MAX_USER_ID, "userId");
        violations.throwIfAny();
        return auditLog.list(userId, page, caller);
    }
}
