package io.tributary.scheduler.billing;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the invoices of an organisation that the caller administers. */
@Component
record ReadInvoices(InvoiceTable invoices, UsageTable usage) {

    private static final int MAX_METER = 200;

    /** The place of an invoice in the list, the newest first. */
    private record Position(Instant begins, UUID id) {

        static final Position FIRST = new Position(Times.LATEST, new UUID(-1, -1));

        static Position parse(String text) {
            int colon = text.indexOf(':');
            return new Position(
                    Times.ofMicros(text.substring(0, Math.max(0, colon))), UUID.fromString(text.substring(colon + 1)));
        }

        static Position of(Invoice.View invoice) {
            return new Position(invoice.begins(), invoice.id());
        }

        @Override
        public String toString() {
            return Times.micros(begins) + ":" + id;
        }
    }

    /** @throws ApiException when there is no such invoice, or the caller does not administer its organisation */
    Invoice.View get(UUID id, Caller caller) {
        return invoices.find(id)
                .filter(invoice -> caller.administers(invoice.orgId()))
                .orElseThrow(ApiException::notFound);
    }

    /** Lists the invoices of an organisation, the newest first. */
    Page<Invoice.View> list(@Nullable String orgId, PageRequest page, Caller caller) {
        page.check();
        String org = Organisations.require(orgId, caller);
        Position after = page.after(Cursor.INVOICES, Position.FIRST, Position::parse);
        var found = invoices.list(org, after.begins(), after.id(), page.rows());
        return page.of(found, Cursor.INVOICES, Position::of);
    }

    /** Lists the events that an invoice bills of a meter, in the order of time. */
    Page<BilledEvent> events(UUID id, @Nullable String meter, PageRequest page, Caller caller) {
        page.check();
        get(id, caller);
        var violations = new Violations();
        violations.check(meter != null, "meter", "is missing");
        violations.checkText(meter, MAX_METER, "meter");
        violations.throwIfAny();
        var after = page.after(Cursor.BILLED_EVENTS, BilledEvent.Position.FIRST, BilledEvent.Position::parse);
        var found = usage.of(id, String.valueOf(meter), after, page.rows());
        return page.of(found, Cursor.BILLED_EVENTS, BilledEvent.Position::of);
    }
}
