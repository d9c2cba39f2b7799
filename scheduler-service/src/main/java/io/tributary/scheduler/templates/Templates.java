package io.tributary.scheduler.templates;

import static java.util.Objects.requireNonNull;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Cursor;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import io.tributary.scheduler.quotas.Quota;
import io.tributary.scheduler.quotas.Quotas;
import io.tributary.scheduler.quotas.Quotas.Owner;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.templates.TemplateEngine.Source;
import io.tributary.scheduler.templates.TemplateEngine.Unusable;
import io.tributary.scheduler.templates.TemplateTable.Checked;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/** The templates of users; callers see their own. */
@Component
record Templates(
        TemplateTable table, TemplateEngine engine, Quotas quotas, TransactionOperations transaction, Clock clock) {

    private static final int MAX_LOCALES = 50;
    private static final int MAX_SUBJECT = 998;
    private static final int MAX_TEXT = 64 * 1024;
    private static final int MAX_HTML = 128 * 1024;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    /** A language, with a script and a region where it has them. */
    private static final Pattern LOCALE = Pattern.compile("[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?");

    private static final Problem NAME_TAKEN = Problem.of(
            HttpStatus.CONFLICT,
            "notifications.templateNameTaken",
            "There is a template of this name. Choose another name, or replace that template.");

    /** @throws ApiException with all violations of the request; or its name is taken, or the quota used up */
    NotificationTemplate create(NewTemplate request, Caller caller) {
        Checked checked = check(request);
        UUID id = UUID.randomUUID();
        transaction.executeWithoutResult(_ -> {
            quotas.requireOneMore(Quota.TEMPLATES, new Owner(caller.userId(), caller.orgId()));
            if (!table.insert(id, checked, caller, clock.instant())) {
                throw new ApiException(NAME_TAKEN);
            }
        });
        return get(id, caller);
    }

    /** @throws ApiException with all violations of the request; or there is no such template, or its name is taken */
    NotificationTemplate replace(UUID id, NewTemplate request, Caller caller) {
        get(id, caller);
        if (!table.replace(id, check(request), caller, clock.instant())) {
            throw new ApiException(NAME_TAKEN);
        }
        return get(id, caller);
    }

    /** @throws ApiException when there is no such template */
    NotificationTemplate get(UUID id, Caller caller) {
        return table.find(id, caller).orElseThrow(ApiException::notFound);
    }

    Page<NotificationTemplate> list(PageRequest page, Caller caller) {
        page.check();
        var found = table.list(page.afterId(Cursor.TEMPLATES), page.rows(), caller);
        return page.of(found, Cursor.TEMPLATES, NotificationTemplate::id);
    }

    /** @throws ApiException when there is no such template */
    void delete(UUID id, Caller caller) {
        if (!table.delete(id, caller)) {
            throw ApiException.notFound();
        }
    }

    private Checked check(NewTemplate request) {
        var violations = new Violations();
        String name = request.name();
        violations.check(
                name != null && NAME.matcher(name).matches(),
                "/name",
                "must have 1 to 100 letters, digits, dots, hyphens and underscores");
        var locales = request.locales();
        violations.check(
                locales != null && !locales.isEmpty() && locales.size() <= MAX_LOCALES,
                "/locales",
                "must be 1 to " + MAX_LOCALES + " locales");
        violations.check(
                locales != null && request.defaultLocale() != null && locales.containsKey(request.defaultLocale()),
                "/defaultLocale",
                "must be one of the locales");
        violations.throwIfAny();
        Map<String, Texts> texts = new LinkedHashMap<>();
        requireNonNull(locales).forEach((locale, of) -> {
            String path = "/locales" + Violation.step(locale);
            violations.check(LOCALE.matcher(locale).matches(), path, "must be a locale such as en or de-AT");
            if (of == null || (of.subject() == null && of.text() == null && of.html() == null)) {
                violations.add(path, "must have subject, text or html");
            } else {
                check(of.subject(), MAX_SUBJECT, false, path + "/subject", violations);
                check(of.text(), MAX_TEXT, false, path + "/text", violations);
                check(of.html(), MAX_HTML, true, path + "/html", violations);
                texts.put(locale, of);
            }
        });
        violations.throwIfAny();
        return new Checked(requireNonNull(name), requireNonNull(request.defaultLocale()), texts);
    }

    private void check(@Nullable String text, int max, boolean html, String path, Violations violations) {
        violations.checkText(text, max, path);
        if (text != null && text.length() <= max) {
            try {
                engine.check(new Source(text, html));
            } catch (Unusable e) {
                violations.add(path, "is no usable template: " + e.getMessage());
            }
        }
    }
}
