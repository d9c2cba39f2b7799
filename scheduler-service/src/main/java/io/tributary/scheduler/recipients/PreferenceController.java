package io.tributary.scheduler.recipients;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.recipients.PreferenceTable.Of;
import io.tributary.scheduler.schedules.CheckSchedule;
import io.tributary.scheduler.security.Caller;
import java.time.Clock;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What users want of the notifications to them: of the caller, or for administrators of a user. */
@RestController
@RequestMapping(path = "/v1/notification-preferences", produces = MediaType.APPLICATION_JSON_VALUE)
record PreferenceController(PreferenceTable table, Clock clock) {

    private static final int MAX_USER = 255;

    @Operation(
            operationId = "getNotificationPreferences",
            summary = "Show what the caller, or a user of the caller's organisation, wants of notifications")
    @GetMapping
    Preference get(@RequestParam(required = false) @Nullable String userId, Caller caller) {
        return table.find(recipient(userId, caller)).orElse(Preference.NONE).whole();
    }

    @Operation(
            operationId = "setNotificationPreferences",
            summary = "Set what the caller, or a user of the caller's organisation, wants of notifications")
    @PutMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    Preference set(
            @RequestParam(required = false) @Nullable String userId, @RequestBody Preference request, Caller caller) {
        Of recipient = recipient(userId, caller);
        check(request);
        Preference whole = request.whole();
        table.set(recipient, whole, clock.instant());
        return whole;
    }

    private static Of recipient(@Nullable String userId, Caller caller) {
        var violations = new Violations();
        violations.checkText(userId, MAX_USER, "userId");
        violations.throwIfAny();
        String user = userId == null ? caller.userId() : userId;
        if (!caller.mayCreateFor(user, caller.orgId())) {
            throw ApiException.notFound();
        }
        return new Of(caller.orgId(), user);
    }

    private static void check(Preference request) {
        var violations = new Violations();
        violations.check(
                request.zone() == null || ZoneId.getAvailableZoneIds().contains(request.zone()),
                "/zone",
                "must be an IANA time zone such as Europe/Berlin or UTC");
        if (request.quietHours() != null) {
            CheckSchedule.checkWindows("/quietHours", request.quietHours(), violations);
        }
        violations.throwIfAny();
    }
}
