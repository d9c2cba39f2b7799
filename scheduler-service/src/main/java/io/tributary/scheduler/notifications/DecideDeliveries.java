package io.tributary.scheduler.notifications;

import io.tributary.scheduler.manifests.Manifests;
import io.tributary.scheduler.notifications.DueDeliveries.Due;
import io.tributary.scheduler.recipients.Addresses;
import io.tributary.scheduler.recipients.Preference;
import io.tributary.scheduler.recipients.PreferenceTable;
import io.tributary.scheduler.recipients.PreferenceTable.Of;
import io.tributary.scheduler.recipients.SuppressionTable;
import io.tributary.scheduler.recipients.SuppressionTable.Used;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides at the time of a delivery what becomes of it: its account may have expired meanwhile, its recipient may want
 * no notifications, or none now.
 */
@Component
record DecideDeliveries(SuppressionTable suppressions, PreferenceTable preferences, Manifests manifests) {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** What becomes of a due delivery. */
    sealed interface Decision {

        /**
         * Send it.
         *
         * @param input of the action, JSON object as text
         */
        record Send(String input) implements Decision {}

        /** Put it into the inbox of the recipient. */
        record Show() implements Decision {}

        /** Do not send it, for good. */
        record Fail(String code, String message) implements Decision {}

        /** It is due again later. */
        record Wait(Instant until) implements Decision {}
    }

    /** Decides about due deliveries, by their ids. */
    Map<UUID, Decision> decide(List<Due> due, Instant now) {
        Map<UUID, Recipient> recipients = new HashMap<>();
        due.forEach(each -> recipients.put(each.id(), JSON.readValue(each.recipient(), Recipient.class)));
        Set<Used> used = new HashSet<>();
        Set<Of> users = new HashSet<>();
        for (Due each : due) {
            Recipient to = Objects.requireNonNull(recipients.get(each.id()));
            addresses(to).forEach(address -> used.add(new Used(each.orgId(), Addresses.comparable(address))));
            if (to.userId() != null && each.priority() > Notifications.TRANSACTIONAL) {
                users.add(new Of(each.orgId(), to.userId()));
            }
        }
        Set<Used> suppressed = used.isEmpty() ? Set.of() : suppressions.among(used);
        Map<Of, Preference> wanted = users.isEmpty() ? Map.of() : preferences.of(users);
        Map<UUID, Decision> decisions = new HashMap<>();
        for (Due each : due) {
            Recipient to = Objects.requireNonNull(recipients.get(each.id()));
            Preference preference = to.userId() == null ? null : wanted.get(new Of(each.orgId(), to.userId()));
            decisions.put(each.id(), decide(each, to, preference, suppressed, now));
        }
        return decisions;
    }

    private Decision decide(Due due, Recipient to, @Nullable Preference preference, Set<Used> suppressed, Instant now) {
        if (preference != null && due.priority() > Notifications.TRANSACTIONAL) {
            if (preference.wantsNone()) {
                return new Decision.Fail("notifications.optedOut", "The recipient wants no such notifications.");
            }
            var quiet = preference.quietUntil(now);
            if (quiet.isPresent()) {
                return new Decision.Wait(quiet.get());
            }
        }
        if (due.domain().equals(Draft.INBOX)) {
            return new Decision.Show();
        }
        if (due.account() == null) {
            return new Decision.Fail("notifications.channelGone", "The account was deleted.");
        }
        var unusable = CheckChannel.whyUnusable(Objects.requireNonNull(due.status()));
        if (unusable.isPresent()) {
            return new Decision.Fail(unusable.get().code(), unusable.get().message());
        }
        return send(due, to, suppressed);
    }

    /**
     * A channel takes the addresses of its kind. So the suppressed ones are left out; if the channel then rejects the
     * input, it needs one of them.
     */
    private Decision send(Due due, Recipient to, Set<Used> suppressed) {
        var allowed = new Recipient(
                unless(to.email(), due, suppressed),
                unless(to.phone(), due, suppressed),
                unless(to.deviceToken(), due, suppressed),
                to.userId());
        ObjectNode input = SendInput.of(JSON.writeValueAsString(allowed), (ObjectNode) JSON.readTree(due.content()));
        if (!allowed.equals(to) && (addresses(allowed).findAny().isEmpty() || isRejected(due.domain(), input))) {
            return new Decision.Fail(
                    "notifications.suppressed", "The address is on the suppression list of the organisation.");
        }
        return new Decision.Send(input.toString());
    }

    private boolean isRejected(String domain, ObjectNode input) {
        return manifests
                .find(domain)
                .map(manifest -> manifest.inputChecks().get(CheckChannel.ACTION))
                .map(schema -> !schema.validate(input).isEmpty())
                .orElse(false);
    }

    private static @Nullable String unless(@Nullable String address, Due due, Set<Used> suppressed) {
        return address != null && suppressed.contains(new Used(due.orgId(), Addresses.comparable(address)))
                ? null
                : address;
    }

    private static Stream<String> addresses(Recipient to) {
        return Stream.of(to.email(), to.phone(), to.deviceToken()).filter(Objects::nonNull);
    }
}
