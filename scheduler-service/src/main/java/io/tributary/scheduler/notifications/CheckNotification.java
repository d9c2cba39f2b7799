package io.tributary.scheduler.notifications;

import io.tributary.scheduler.accounts.Account;
import io.tributary.scheduler.http.Times;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.templates.RenderTemplate;
import io.tributary.scheduler.templates.Texts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks requested notifications, and makes of each what is stored. */
@Component
record CheckNotification(
        CheckChannel checkChannel, CheckRecipient checkRecipient, RenderTemplate renderTemplate, Clock clock) {

    private static final int MAX_CHANNELS = 10;
    private static final int MAX_SUBJECT = 998;
    private static final int MAX_TEXT = 64 * 1024;
    private static final int MAX_HTML = 128 * 1024;

    /** Longest data as JSON, characters. */
    private static final int MAX_DATA = 16 * 1024;

    /** Longest name of a template or a locale, characters. */
    private static final int MAX_NAME = 100;

    /** Longest contents of all notifications of a request together, characters: a template makes much of little. */
    static final int MAX_CONTENTS = 4 * 1024 * 1024;

    /** Longest time in which a request makes its contents. */
    private static final Duration MAX_TIME = Duration.ofSeconds(10);

    private static final int MAX_PRIORITY = 9;
    private static final Set<String> ROUTINGS = Set.of("all", "fallback");
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * The items of a bulk request.
     *
     * @throws io.tributary.scheduler.http.ApiException when there are none or too many
     */
    List<NewNotification> items(NewNotification.Bulk request) {
        var items = request.items();
        var violations = new Violations();
        violations.check(
                items != null && !items.isEmpty() && items.size() <= NewNotification.Bulk.MAX_ITEMS,
                "/items",
                "must be 1 to " + NewNotification.Bulk.MAX_ITEMS + " notifications");
        violations.throwIfAny();
        var found = new ArrayList<NewNotification>();
        for (NewNotification item : Objects.requireNonNull(items)) {
            violations.check(item != null, "/items/" + found.size(), "is missing");
            found.add(Objects.requireNonNullElse(item, NewNotification.EMPTY));
        }
        violations.throwIfAny();
        return found;
    }

    /**
     * Checks all of them.
     *
     * @param path of the list in the request; empty: there is one notification, and the request is it
     * @param priority of those that name none
     * @param key of the request, which gives them their ids; null: new ones
     * @throws io.tributary.scheduler.http.ApiException with all violations; then with the first channel that cannot
     *     send, or the first phone number that is none
     */
    List<Draft> all(List<NewNotification> requests, String path, int priority, @Nullable String key, Caller caller) {
        Instant now = clock.instant();
        var violations = new Violations();
        var runAts = new ArrayList<Instant>();
        for (int i = 0; i < requests.size(); i++) {
            runAts.add(check(requests.get(i), path.isEmpty() ? "" : path + "/" + i, now, violations));
        }
        violations.throwIfAny();
        Map<UUID, Account> channels = new HashMap<>();
        Map<String, RenderTemplate.Found> templates = new HashMap<>();
        var drafts = new ArrayList<Draft>();
        long characters = 0;
        Duration time = Duration.ZERO;
        for (int i = 0; i < requests.size(); i++) {
            var request = requests.get(i);
            String at = path.isEmpty() ? "" : path + "/" + i;
            Recipient to = checkRecipient.checkPhone(Objects.requireNonNull(request.to()), at + "/to");
            var accounts = new ArrayList<Account>();
            for (UUID id : Objects.requireNonNullElse(request.channels(), List.<@Nullable UUID>of())) {
                String channelPath = at + "/channels/" + accounts.size();
                accounts.add(channels.computeIfAbsent(
                        Objects.requireNonNull(id), _ -> checkChannel.check(id, channelPath, caller)));
            }
            String recipient = JSON.writeValueAsString(to);
            Instant begin = clock.instant();
            ObjectNode content = request.template() == null
                    ? content(request)
                    : content(templates
                            .computeIfAbsent(request.template(), name -> renderTemplate.find(name, at, caller))
                            .in(request.locale(), dataOf(request), at));
            String stored = content.toString();
            characters += stored.length();
            time = time.plus(Duration.between(begin, clock.instant()));
            requireBounded(characters, time, path);
            for (Account channel : accounts) {
                checkChannel.checkInput(channel, SendInput.of(recipient, content), at, violations);
            }
            drafts.add(new Draft(
                    key == null ? UUID.randomUUID() : RequestKey.id(key, i, caller),
                    accounts,
                    recipient,
                    stored,
                    "fallback".equals(request.routing()),
                    Objects.requireNonNullElse(request.priority(), priority),
                    runAts.get(i),
                    key == null ? null : RequestKey.digest(request)));
        }
        violations.throwIfAny();
        return drafts;
    }

    private static void requireBounded(long characters, Duration time, String path) {
        var violations = new Violations();
        violations.check(
                characters <= MAX_CONTENTS,
                path,
                "make more than " + MAX_CONTENTS + " characters together: send fewer in a request");
        violations.check(
                time.compareTo(MAX_TIME) <= 0,
                path,
                "take longer than " + MAX_TIME.toSeconds() + " s to render: send fewer in a request");
        violations.throwIfAny();
    }

    private Instant check(NewNotification request, String at, Instant now, Violations violations) {
        boolean inbox = request.channels() == null
                && request.to() != null
                && request.to().userId() != null;
        if (!inbox) {
            checkChannels(request.channels(), at + "/channels", violations);
        }
        checkRecipient.check(request.to(), at + "/to", violations);
        violations.checkText(request.subject(), MAX_SUBJECT, at + "/subject");
        violations.checkText(request.text(), MAX_TEXT, at + "/text");
        violations.checkText(request.html(), MAX_HTML, at + "/html");
        if (request.template() == null) {
            violations.check(
                    !content(request).isEmpty(), at + "/text", "or subject, html, data or template must be given");
        } else {
            violations.checkText(request.template(), MAX_NAME, at + "/template");
            violations.check(
                    request.subject() == null && request.text() == null && request.html() == null,
                    at + "/template",
                    "cannot go with subject, text and html: give one of them");
        }
        violations.checkText(request.locale(), MAX_NAME, at + "/locale");
        var data = request.data();
        if (data != null) {
            violations.check(
                    data.toString().length() <= MAX_DATA,
                    at + "/data",
                    "must have up to " + MAX_DATA + " characters as JSON");
            violations.checkStorable(data, at + "/data");
        }
        Integer priority = request.priority();
        violations.check(
                priority == null || (priority >= 0 && priority <= MAX_PRIORITY),
                at + "/priority",
                "must be 0 to " + MAX_PRIORITY);
        violations.check(
                request.routing() == null || ROUTINGS.contains(request.routing()),
                at + "/routing",
                "must be all or fallback");
        return Times.startOf(request.runAt(), at + "/runAt", now, violations);
    }

    private static void checkChannels(@Nullable List<@Nullable UUID> channels, String path, Violations violations) {
        if (channels == null || channels.isEmpty() || channels.size() > MAX_CHANNELS) {
            violations.add(path, "must be 1 to " + MAX_CHANNELS + " accounts; or leave it out, and name to/userId");
            return;
        }
        violations.check(channels.stream().allMatch(Objects::nonNull), path, "must have no null");
        violations.check(new HashSet<>(channels).size() == channels.size(), path, "must name each account once");
    }

    private static ObjectNode dataOf(NewNotification request) {
        return Objects.requireNonNullElseGet(request.data(), JSON::createObjectNode);
    }

    private static ObjectNode content(Texts texts) {
        var content = JSON.createObjectNode();
        putUnlessNull(content, "subject", texts.subject());
        putUnlessNull(content, "text", texts.text());
        putUnlessNull(content, "html", texts.html());
        return content;
    }

    private static ObjectNode content(NewNotification request) {
        var content = content(new Texts(request.subject(), request.text(), request.html()));
        if (request.data() != null) {
            content.set("data", request.data());
        }
        return content;
    }

    private static void putUnlessNull(ObjectNode content, String name, @Nullable String value) {
        if (value != null) {
            content.put(name, value);
        }
    }
}
