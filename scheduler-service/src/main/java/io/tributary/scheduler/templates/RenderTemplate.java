package io.tributary.scheduler.templates;

import io.tributary.scheduler.http.ApiException;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.security.Caller;
import io.tributary.scheduler.templates.TemplateEngine.Source;
import io.tributary.scheduler.templates.TemplateEngine.Unusable;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes texts of a template and data. */
@Component
public final class RenderTemplate {

    private static final TypeReference<Map<String, @Nullable Object>> VALUES = new TypeReference<>() {};

    private final TemplateTable table;
    private final TemplateEngine engine;

    RenderTemplate(TemplateTable table, TemplateEngine engine) {
        this.table = table;
        this.engine = engine;
    }

    /** A template that a request names; render it any number of times. */
    public final class Found {

        private final NotificationTemplate template;

        private Found(NotificationTemplate template) {
            this.template = template;
        }

        /**
         * The texts in a locale; without it in its language, else in the default locale.
         *
         * @param locale such as {@code de-AT}; null: the default one
         * @param data the values of the variables
         * @param path of the notification in the request, for the problem
         * @throws ApiException when the data lacks a variable, or the template does not work with it
         */
        public Texts in(@Nullable String locale, ObjectNode data, String path) {
            Texts texts = choose(template, locale);
            Map<String, @Nullable Object> values = JsonMapper.shared().convertValue(data, VALUES);
            return new Texts(
                    render(texts.subject(), false, values, path),
                    render(texts.text(), false, values, path),
                    render(texts.html(), true, values, path));
        }

        private @Nullable String render(
                @Nullable String text, boolean html, Map<String, @Nullable Object> values, String path) {
            if (text == null) {
                return null;
            }
            try {
                return engine.render(new Source(text, html), values);
            } catch (Unusable e) {
                throw new ApiException(Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        e.missing() == null ? "notifications.templateFailed" : "notifications.templateVariableMissing",
                        e.missing() == null
                                ? "The template " + template.name() + " " + e.getMessage() + ". Change it, or the data."
                                : "The template " + template.name() + " has the variable " + e.missing()
                                        + ", which is not in " + path + "/data. Add it."));
            }
        }
    }

    /**
     * Finds a template.
     *
     * @param nameOrId of a template of the caller
     * @param path of the notification in the request, for the problem
     * @throws ApiException when the caller has no such template
     */
    public Found find(String nameOrId, String path, Caller caller) {
        return idOf(nameOrId)
                .flatMap(id -> table.find(id, caller))
                .or(() -> table.find(nameOrId, caller))
                .map(Found::new)
                .orElseThrow(() -> new ApiException(Problem.of(
                        HttpStatus.UNPROCESSABLE_CONTENT,
                        "notifications.templateUnknown",
                        "There is no such template, or you may not see it. See GET /v1/notification-templates. This is"
                                + " about " + path + "/template.")));
    }

    private static Optional<UUID> idOf(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Texts choose(NotificationTemplate template, @Nullable String locale) {
        for (String tried = locale; tried != null; tried = shorter(tried)) {
            Texts texts = template.locales().get(tried);
            if (texts != null) {
                return texts;
            }
        }
        return Objects.requireNonNull(template.locales().get(template.defaultLocale()));
    }

    /** {@code de-AT} is German as well. */
    private static @Nullable String shorter(String locale) {
        int end = locale.lastIndexOf('-');
        return end < 0 ? null : locale.substring(0, end);
    }
}
