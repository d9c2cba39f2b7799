package io.tributary.scheduler.billing;

import io.tributary.scheduler.billing.UsageTable.NewEvent;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Adds usage events, each id of an organisation once. */
@Component
record AddUsage(UsageTable usage, Clock clock) {

    /** Events of a request at most. */
    static final int MAX_EVENTS = 1_000;

    private static final int MAX_ID = 200;
    private static final int MAX_PROPERTIES_BYTES = 4 * 1024;
    private static final Duration MAX_AHEAD = Duration.ofDays(1);
    private static final Pattern METER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** Digits that any sum of quantities keeps exactly. */
    private static final BigDecimal MOST = new BigDecimal("1e15");

    /** @throws ApiException with all violations of the request, or when an organisation is not the caller's */
    AddedUsage add(NewUsage request, Caller caller) {
        var events = check(request, caller);
        int accepted = usage.insert(events);
        return new AddedUsage(accepted, events.size() - accepted);
    }

    private List<NewEvent> check(NewUsage request, Caller caller) {
        var violations = new Violations();
        var events = Objects.requireNonNullElse(request.events(), List.<NewUsage.@Nullable Event>of());
        violations.check(
                !events.isEmpty() && events.size() <= MAX_EVENTS, "/events", "must have 1 to " + MAX_EVENTS + " items");
        violations.throwIfAny();
        Instant latest = clock.instant().plus(MAX_AHEAD);
        for (int i = 0; i < events.size(); i++) {
            check(events.get(i), "/events/" + i, latest, violations);
        }
        violations.throwIfAny();
        return events.stream()
                .map(Objects::requireNonNull)
                .map(event -> allowed(event, caller))
                .toList();
    }

    private static void check(NewUsage.@Nullable Event event, String path, Instant latest, Violations violations) {
        if (event == null) {
            violations.add(path, "is missing");
            return;
        }
        checkId(event.id(), path + "/id", violations);
        violations.check(
                event.id() == null || !event.id().startsWith(UsageTable.OF_RUN),
                path + "/id",
                "must not begin with " + UsageTable.OF_RUN + ", as the ids of usage of runs do");
        checkId(event.orgId(), path + "/orgId", violations);
        violations.check(
                event.meter() != null && METER.matcher(event.meter()).matches(),
                path + "/meter",
                "must have 1 to 100 letters, digits, '.', '_' or '-', the first a letter or a digit");
        violations.check(
                event.quantity() != null && Decimals.isAtMost(MOST, event.quantity()),
                path + "/quantity",
                "must be a number of up to 15 digits, and " + Decimals.MAX_SCALE + " behind the point");
        if (event.at() == null) {
            violations.add(path + "/at", "is missing");
        } else {
            Times.check(event.at(), path + "/at", violations);
            violations.check(!event.at().isAfter(latest), path + "/at", "is more than a day ahead");
        }
        checkProperties(event.properties(), path + "/properties", violations);
    }

    private static void checkId(@Nullable String id, String path, Violations violations) {
        violations.check(id != null, path, "is missing");
        violations.checkText(id, MAX_ID, path);
    }

    private static void checkProperties(@Nullable JsonNode properties, String path, Violations violations) {
        if (properties != null && !properties.isNull()) {
            violations.check(properties.isObject(), path, "must be an object");
            violations.check(
                    properties.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_PROPERTIES_BYTES,
                    path,
                    "must have up to " + MAX_PROPERTIES_BYTES + " bytes");
            violations.checkStorable(properties, path);
        }
    }

    private static NewEvent allowed(NewUsage.Event event, Caller caller) {
        String orgId = Objects.requireNonNull(event.orgId());
        var quantity = Decimals.plain(event.quantity());
        if (!caller.administers(orgId)) {
            throw forbidden("Only operators and administrators of an organisation may add its usage.");
        }
        if (quantity.signum() < 0 && !caller.operator()) {
            throw forbidden("Only operators may correct usage by a quantity below 0.");
        }
        var properties = event.properties();
        return new NewEvent(
                orgId,
                Objects.requireNonNull(event.id()),
                Objects.requireNonNull(event.meter()),
                quantity,
                Objects.requireNonNull(event.at()),
                properties == null || properties.isNull() ? "{}" : properties.toString());
    }

    private static ApiException forbidden(String detail) {
        return new ApiException(Problem.of(HttpStatus.FORBIDDEN, "api.forbidden", detail));
    }
}
