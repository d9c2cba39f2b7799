package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.Authentication;
import io.tributary.integrations.declarative.Definition.Condition;
import io.tributary.integrations.declarative.Definition.Request;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the provider, as one account. */
final class Provider {

    private final Definition definition;
    private final TaskContext context;
    private final String base;
    private final JudgeAnswer judge;

    Provider(Definition definition, TaskContext context) {
        this.definition = definition;
        this.context = context;
        String configured = context.config().text("baseUrl").orElse(definition.baseUrl());
        this.base = configured.endsWith("/") ? configured.substring(0, configured.length() - 1) : configured;
        this.judge = new JudgeAnswer(definition, context);
    }

    /** What the codes of failures begin with. */
    String domain() {
        return definition.domain();
    }

    /** A request, with what it is to send. */
    HttpRequest request(Request request, Scope scope) throws TaskFailure, ExpressionFailure {
        return complete(
                address(
                        request.path().of(scope, Provider::encoded),
                        request.query().of(scope)),
                request,
                scope);
    }

    /** The same for a URL of an answer, as {@link #local} made it. */
    HttpRequest followed(String local, Request request, Scope scope) throws TaskFailure, ExpressionFailure {
        URI uri = uri(base);
        return complete(
                HttpRequest.of("GET", uri(uri.getScheme() + "://" + uri.getRawAuthority() + local)), request, scope);
    }

    private HttpRequest address(String path, Map<String, @Nullable Object> query) throws TaskFailure {
        HttpRequest to = HttpRequest.of("GET", uri(base + path));
        for (var parameter : query.entrySet()) {
            for (Object value : Values.list(parameter.getValue())) {
                to = to.query(parameter.getKey(), value == null ? null : Values.text(value));
            }
        }
        return to;
    }

    private HttpRequest complete(HttpRequest to, Request request, Scope scope) throws TaskFailure, ExpressionFailure {
        HttpRequest its = HttpRequest.of(request.method(), to.uri())
                .header("Accept", "application/json")
                .timeout(definition.http().timeout())
                .maxBytes(definition.http().maxBytes())
                .expecting(judge.expected(request).toArray(Integer[]::new));
        its = withHeaders(its, definition.http().headers().of(scope));
        if (request.body() != null) {
            its = withBody(its, request.body().of(scope), request.form());
        }
        return authenticated(withHeaders(its, request.headers().of(scope)));
    }

    private HttpRequest withHeaders(HttpRequest to, Map<String, @Nullable Object> headers) throws TaskFailure {
        HttpRequest its = to;
        for (var header : headers.entrySet()) {
            if (header.getValue() != null) {
                try {
                    its = its.header(header.getKey(), Values.text(header.getValue()));
                } catch (IllegalArgumentException e) {
                    throw new TaskFailure.Misconfigured(
                            domain() + ".badHeader",
                            "The header " + header.getKey() + " cannot be sent: its value has a line break.",
                            null);
                }
            }
        }
        return its;
    }

    private static HttpRequest withBody(HttpRequest to, @Nullable Object body, boolean form) {
        if (!form) {
            return to.body("application/json", Values.json(body));
        }
        String pairs = Values.object(body).values().entrySet().stream()
                .filter(field -> field.getValue() != null)
                .map(field -> encoded(field.getKey()) + "=" + encoded(Values.text(field.getValue())))
                .collect(Collectors.joining("&"));
        return to.body("application/x-www-form-urlencoded", pairs);
    }

    private HttpRequest authenticated(HttpRequest to) throws TaskFailure {
        List<Authentication> ways = definition.auth();
        if (ways.isEmpty()) {
            return to;
        }
        Authentication way = ways.stream()
                .filter(each -> context.credentials().find(each.credential()).isPresent())
                .findFirst()
                .orElse(ways.getFirst());
        String secret = context.credentials().require(way.credential());
        try {
            return switch (way) {
                case Authentication.Bearer() -> to.bearer(secret);
                case Authentication.KeyInHeader(String name, String prefix) -> to.header(name, prefix + secret.strip());
                case Authentication.KeyInQuery(String name) -> to.query(name, secret.strip());
                case Authentication.Basic() ->
                    to.basic(secret, context.credentials().find("password").orElse(""));
            };
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Unauthorized(
                    domain() + ".authFailed",
                    "The " + way.credential() + " has a character that cannot be sent: connect the account again.",
                    null);
        }
    }

    /**
     * Sends a request.
     *
     * @param expired when the provider does not know a cursor any more; null: never
     * @throws TaskFailure when the answer means one
     */
    Answered send(HttpRequest to, Request request, @Nullable Condition expired, Scope scope)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        HttpResponse response = context.http().send(to);
        return judge.of(new Answered(response, body(response), Answered.Meaning.RECORDS), request, expired, scope);
    }

    /** Null when there is none; a text when it is no JSON object or array. */
    private static @Nullable Object body(HttpResponse response) throws TaskFailure {
        String start = response.text().stripLeading();
        if (start.isEmpty()) {
            return null;
        }
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return start;
        }
        boolean refused = response.status() >= 400;
        try {
            return start.startsWith("{") ? response.json().values() : response.jsonList();
        } catch (TaskFailure.Transient e) {
            if (refused) {
                return start; // Its status says what is wrong.
            }
            throw e;
        }
    }

    /**
     * Path and query of a URL of an answer: all that is taken of it, for the credentials are for the host of {@code
     * baseUrl} alone. A key in the query stays out, since this goes into a task.
     */
    String local(String url, URI of) throws ExpressionFailure {
        URI target = resolved(url, of);
        String path = target.getRawPath();
        if (path == null || !path.isEmpty() && !path.startsWith("/")) {
            throw noUrl();
        }
        String query = withoutKey(target.getRawQuery());
        return (path.isEmpty() ? "/" : path) + (query.isEmpty() ? "" : "?" + query);
    }

    private static URI resolved(String url, URI of) throws ExpressionFailure {
        try {
            return of.resolve(url);
        } catch (IllegalArgumentException e) {
            throw noUrl(); // Without its cause, which quotes the URL, and that may have a key in it.
        }
    }

    private static ExpressionFailure noUrl() {
        return new ExpressionFailure("The address of the next page is no URL.");
    }

    private String withoutKey(@Nullable String query) {
        if (query == null) {
            return "";
        }
        List<String> keys = definition.auth().stream()
                .filter(Authentication.KeyInQuery.class::isInstance)
                .map(way -> encoded(((Authentication.KeyInQuery) way).name()) + "=")
                .toList();
        return Arrays.stream(query.split("&", -1))
                .filter(parameter -> keys.stream().noneMatch(parameter::startsWith))
                .collect(Collectors.joining("&"));
    }

    private URI uri(String text) throws TaskFailure {
        try {
            URI uri = URI.create(text);
            HttpRequest.get(uri);
            return uri;
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Misconfigured(
                    domain() + ".badAddress",
                    "The address is no URL that can be asked: check baseUrl, which is like " + definition.baseUrl()
                            + ".",
                    null);
        }
    }

    /** What expressions of requests can name: the account, and what the run was asked for. */
    static Scope scope(TaskContext context) {
        var options = new LinkedHashMap<String, @Nullable Object>();
        options.put("force", context.options().force());
        Optional.ofNullable(context.options().startDate()).ifPresent(date -> options.put("startDate", date.toString()));
        Optional.ofNullable(context.options().endDate()).ifPresent(date -> options.put("endDate", date.toString()));
        return new Scope(
                Map.of(
                        "config", context.config().values(),
                        "state", context.syncState().values(),
                        "options", new JsonObject(options).values()),
                context.clock());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
