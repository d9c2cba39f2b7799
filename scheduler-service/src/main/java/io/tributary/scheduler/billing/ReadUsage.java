package io.tributary.scheduler.billing;

import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the usage of an organisation that the caller administers. */
@Component
record ReadUsage(UsageTable usage) {

    Page<UsageSum> list(
            @Nullable String orgId, @Nullable Instant from, @Nullable Instant to, PageRequest page, Caller caller) {
        page.check();
        var violations = new Violations();
        Times.check(from, "from", violations);
        Times.check(to, "to", violations);
        violations.throwIfAny();
        String org = Organisations.require(orgId, caller);
        var found = usage.sums(
                org,
                Objects.requireNonNullElse(from, Times.EARLIEST),
                Objects.requireNonNullElse(to, Times.LATEST),
                page.after(Cursor.USAGE, "", ReadUsage::meter),
                page.rows());
        return page.of(found, Cursor.USAGE, UsageSum::meter);
    }

    private static String meter(String text) {
        if (!Violations.isStorable(text)) {
            throw new IllegalArgumentException("not storable");
        }
        return text;
    }
}
