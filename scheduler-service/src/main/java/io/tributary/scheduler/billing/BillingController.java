package io.tributary.scheduler.billing;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Plans, how organisations are billed, and credits. */
@RestController
@RequestMapping(path = "/v1/billing", produces = MediaType.APPLICATION_JSON_VALUE)
record BillingController(SetUpBilling setUp) {

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "putBillingPlan",
            summary = "Create or change a plan; invoices that exist keep their prices. Operators only")
    @PutMapping(path = "/plans/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    Plan putPlan(@PathVariable String id, @RequestBody Plan request, Caller caller) {
        return setUp.save(id, request, caller);
    }

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(operationId = "listBillingPlans", summary = "List plans, by id. Operators only")
    @GetMapping("/plans")
    Page<Plan> listPlans(PageRequest page, Caller caller) {
        return setUp.plans(page, caller);
    }

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "putBillingAccount",
            summary = "Set how an organisation is billed; a new zone or cycle counts once the open cycle has ended."
                    + " Operators only")
    @PutMapping(path = "/accounts/{orgId}", consumes = MediaType.APPLICATION_JSON_VALUE)
    BillingAccount putAccount(@PathVariable String orgId, @RequestBody NewBillingAccount request, Caller caller) {
        return setUp.save(orgId, request, caller);
    }

    @Operation(operationId = "getBillingAccount", summary = "Show how an organisation is billed")
    @GetMapping("/accounts/{orgId}")
    BillingAccount getAccount(@PathVariable String orgId, Caller caller) {
        return setUp.account(orgId, caller);
    }

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(
            operationId = "addCredit",
            summary = "Give an organisation a credit, once by its id; the next invoices use it up. Operators only")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @PostMapping(path = "/accounts/{orgId}/credits", consumes = MediaType.APPLICATION_JSON_VALUE)
    void addCredit(@PathVariable String orgId, @RequestBody NewCredit request, Caller caller) {
        setUp.credit(orgId, request, caller);
    }
}
