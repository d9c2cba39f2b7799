package io.tributary.scheduler.billing;

import io.tributary.scheduler.accounts.Accounts;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.security.Caller;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sets up plans, the billing of organisations, and credits. Operators only. */
@Component
record SetUpBilling(
        PlanTable plans,
        BillingAccountTable billed,
        CreditTable credits,
        Accounts accounts,
        Manifests manifests,
        Clock clock) {

    private static final int MAX_ID = 100;
    private static final int MAX_PRICES = 200;

    /** Digits that an amount keeps exactly. */
    private static final BigDecimal MOST = new BigDecimal("1e12");

    /** @throws ApiException with all violations of the request, or when the caller is no operator */
    Plan save(String id, Plan request, Caller caller) {
        caller.requireOperator("change plans");
        var violations = new Violations();
        violations.checkText(id, MAX_ID, "id");
        violations.check(request.id() == null || request.id().equals(id), "/id", "is not the id of the path");
        currency(request.currency(), violations);
        checkAmount(request.fixedFee(), "/fixedFee", violations);
        var prices = Objects.requireNonNullElse(request.prices(), List.<@Nullable Price>of());
        violations.check(prices.size() <= MAX_PRICES, "/prices", "must have up to " + MAX_PRICES + " items");
        var meters = new HashSet<String>();
        for (int i = 0; i < prices.size(); i++) {
            String path = "/prices/" + i;
            Price price = prices.get(i);
            if (price == null || price.meter() == null || price.unitPrice() == null) {
                violations.add(path, "needs meter and unitPrice");
            } else {
                violations.checkText(price.meter(), MAX_ID, path + "/meter");
                violations.check(meters.add(price.meter()), path + "/meter", "has a price already");
                checkAmount(price.unitPrice(), path + "/unitPrice", violations);
                checkAmount(price.included(), path + "/included", violations);
            }
        }
        violations.throwIfAny();
        var plan = new Plan(
                id,
                request.currency(),
                Decimals.plain(request.fixedFee()),
                prices.stream().map(SetUpBilling::plain).toList());
        plans.save(plan);
        return plan;
    }

    Page<Plan> plans(PageRequest page, Caller caller) {
        caller.requireOperator("see plans");
        page.check();
        var found = plans.list(page.after(Cursor.BILLING_PLANS, "", SetUpBilling::storable), page.rows());
        return page.of(found, Cursor.BILLING_PLANS, plan -> Objects.requireNonNull(plan.id()));
    }

    /** @throws ApiException with all violations of the request, or when the caller is no operator */
    BillingAccount save(String orgId, NewBillingAccount request, Caller caller) {
        caller.requireOperator("change how an organisation is billed");
        var violations = new Violations();
        violations.checkText(orgId, 2 * MAX_ID, "orgId");
        violations.checkText(request.planId(), MAX_ID, "/planId");
        violations.checkText(request.customer(), 2 * MAX_ID, "/customer");
        Optional<ZoneId> zone = zone(request.zone());
        violations.check(zone.isPresent(), "/zone", "is no time zone, such as Europe/Berlin");
        violations.throwIfAny();
        violations.check(
                request.planId() != null && plans.find(request.planId()).isPresent(),
                "/planId",
                "is no plan: create it first");
        violations.check(
                request.chargeAccount() == null || request.customer() != null,
                "/customer",
                "is missing: the payment provider's id of the customer to charge");
        violations.throwIfAny();
        if (request.chargeAccount() != null) {
            requireCharges(request.chargeAccount(), caller);
        }
        ZoneId at = zone.orElseThrow();
        Cycle cycle = Objects.requireNonNullElse(request.cycle(), Cycle.month);
        Instant now = clock.instant();
        LocalDate first = cycle.firstDay(now, at);
        billed.save(new BillingAccount(
                orgId,
                Objects.requireNonNull(request.planId()),
                at.getId(),
                cycle,
                now,
                Cycle.start(first, at),
                Cycle.start(cycle.after(first), at),
                request.chargeAccount(),
                request.customer()));
        return billed.find(orgId).orElseThrow();
    }

    private void requireCharges(UUID account, Caller caller) {
        var violations = new Violations();
        String domain = accounts.require(account, caller).integrationDomain();
        violations.check(
                manifests.require(domain).actions().stream()
                        .anyMatch(it -> it.name().equals(ChargeInvoices.ACTION)),
                "/chargeAccount",
                "is an account of " + domain + ", which has no action " + ChargeInvoices.ACTION);
        violations.throwIfAny();
    }

    /** @throws ApiException when the organisation is not billed, or the caller does not administer it */
    BillingAccount account(String orgId, Caller caller) {
        return billed.find(Organisations.require(orgId, caller)).orElseThrow(ApiException::notFound);
    }

    /** Adds a credit; one whose id is known changes nothing. */
    void credit(String orgId, NewCredit request, Caller caller) {
        caller.requireOperator("give credits");
        var violations = new Violations();
        violations.checkText(orgId, 2 * MAX_ID, "orgId");
        violations.check(request.id() != null, "/id", "is missing");
        violations.checkText(request.id(), MAX_ID, "/id");
        Optional<Currency> currency = currency(request.currency(), violations);
        checkAmount(request.amount(), "/amount", violations);
        BigDecimal amount = Objects.requireNonNullElse(request.amount(), BigDecimal.ZERO);
        violations.check(
                amount.signum() > 0
                        && amount.stripTrailingZeros().scale()
                                <= currency.map(Currency::getDefaultFractionDigits)
                                        .orElse(Decimals.MAX_SCALE),
                "/amount",
                "must be above 0, with as many digits behind the point as the currency has");
        violations.throwIfAny();
        credits.insert(
                orgId,
                Objects.requireNonNull(request.id()),
                currency.orElseThrow().getCurrencyCode(),
                Decimals.plain(amount));
    }

    private static Optional<Currency> currency(@Nullable String code, Violations violations) {
        Optional<Currency> found = Currency.availableCurrencies()
                .filter(it -> it.getCurrencyCode().equals(code) && it.getDefaultFractionDigits() >= 0)
                .findFirst();
        violations.check(found.isPresent(), "/currency", "is no currency of ISO 4217, such as EUR");
        return found;
    }

    private static Price plain(@Nullable Price price) {
        Price checked = Objects.requireNonNull(price);
        return new Price(
                checked.meter(),
                Decimals.plain(checked.unitPrice()),
                checked.included() == null ? null : Decimals.plain(checked.included()));
    }

    private static void checkAmount(@Nullable BigDecimal amount, String path, Violations violations) {
        violations.check(
                amount == null || (amount.signum() >= 0 && Decimals.isAtMost(MOST, amount)),
                path,
                "must be 0 and up, of up to 12 digits, and " + Decimals.MAX_SCALE + " behind the point");
    }

    private static Optional<ZoneId> zone(@Nullable String id) {
        try {
            return Optional.of(id == null ? ZoneId.of("UTC") : ZoneId.of(id));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String storable(String text) {
        if (!Violations.isStorable(text)) {
            throw new IllegalArgumentException("not storable");
        }
        return text;
    }
}
