package io.tributary.scheduler.billing;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Invoices, and the usage events that each line bills. */
@RestController
@RequestMapping(path = "/v1/invoices", produces = MediaType.APPLICATION_JSON_VALUE)
record InvoiceController(ReadInvoices readInvoices) {

    /**
     * Invoices of an organisation.
     *
     * @param orgId default the caller's
     */
    @ProblemStatuses(HttpStatus.NOT_FOUND)
    @Operation(operationId = "listInvoices", summary = "List the invoices of an organisation, newest first")
    @GetMapping
    Page<Invoice.View> list(@RequestParam(required = false) @Nullable String orgId, PageRequest page, Caller caller) {
        return readInvoices.list(orgId, page, caller);
    }

    @Operation(operationId = "getInvoice", summary = "Show an invoice with its lines")
    @GetMapping("/{id}")
    Invoice.View get(@PathVariable UUID id, Caller caller) {
        return readInvoices.get(id, caller);
    }

    @Operation(operationId = "listBilledEvents", summary = "List the usage events that an invoice bills of a meter")
    @GetMapping("/{id}/events")
    Page<BilledEvent> events(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable String meter,
            PageRequest page,
            Caller caller) {
        return readInvoices.events(id, meter, page, caller);
    }
}
