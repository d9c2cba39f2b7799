package io.tributary.scheduler.recipients;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.security.Caller;
import java.net.URI;
import java.time.Clock;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Addresses to which an organisation sends no notifications. Members see those that they added. */
@RestController
@RequestMapping(path = SuppressionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
record SuppressionController(SuppressionTable table, Quotas quotas, TransactionOperations transaction, Clock clock) {

    static final String PATH = "/v1/suppressions";

    private static final int MAX_ADDRESS = 4_096;
    private static final int MAX_REASON = 500;

    @Operation(
            operationId = "createSuppression",
            summary = "Send no notifications of the organisation to an address any more")
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Suppression> create(@RequestBody Suppression.New request, Caller caller) {
        var violations = new Violations();
        violations.check(request.address() != null, "/address", "is missing");
        violations.checkText(request.address(), MAX_ADDRESS, "/address");
        violations.checkText(request.reason(), MAX_REASON, "/reason");
        violations.throwIfAny();
        String address = Addresses.comparable(Objects.requireNonNull(request.address()));
        var created = Objects.requireNonNull(transaction.execute(_ -> {
            quotas.requireOneMore(Quota.SUPPRESSIONS, new Owner(caller.userId(), caller.orgId()));
            return table.insert(address, request.reason(), caller, clock.instant());
        }));
        return ResponseEntity.created(URI.create(PATH + "/" + created.id())).body(created);
    }

    @Operation(operationId = "listSuppressions", summary = "List suppressed addresses, by id")
    @GetMapping
    Page<Suppression> list(@RequestParam(required = false) @Nullable String address, PageRequest page, Caller caller) {
        page.check();
        String comparable = address == null ? null : Addresses.comparable(address);
        var found = table.list(comparable, page.afterId(Cursor.SUPPRESSIONS), page.rows(), caller);
        return page.of(found, Cursor.SUPPRESSIONS, Suppression::id);
    }

    @Operation(operationId = "getSuppression", summary = "Show a suppressed address")
    @GetMapping("/{id}")
    Suppression get(@PathVariable UUID id, Caller caller) {
        return table.find(id, caller).orElseThrow(ApiException::notFound);
    }

    @Operation(operationId = "deleteSuppression", summary = "Send notifications to an address again")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable UUID id, Caller caller) {
        if (!table.delete(id, caller)) {
            throw ApiException.notFound();
        }
    }
}
