package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskContext;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.ApiVersion;
import io.tributary.integrations.declarative.Definition.Authentication;
import io.tributary.integrations.declarative.Definition.Condition;
import io.tributary.integrations.declarative.Definition.Request;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sends the requests of one account to the provider. */
record Provider(
        Definition definition,
        TaskContext context,
        String base,
        JudgeAnswer judge,
        Authenticate authenticate,
        Sessions sessions,
        Downloads downloads) {

    Provider(Definition definition, TaskContext context, Sessions sessions, Downloads downloads) throws TaskFailure {
        this(
                definition,
                context,
                new Authenticate(definition, context).base(),
                new JudgeAnswer(definition, context, false),
                new Authenticate(definition, context),
                sessions,
                downloads);
    }

    /** The same for a request that has an effect: an answer that is no JSON, but no failure either, says so too. */
    Provider ofAction() {
        return new Provider(
                definition,
                context,
                base,
                new JudgeAnswer(definition, context, true),
                authenticate,
                sessions,
                downloads);
    }

    /** What the codes of failures begin with. */
    String domain() {
        return definition.domain();
    }

    /** A request, with what it is to send. */
    HttpRequest request(Request request, Scope scope) throws TaskFailure, ExpressionFailure {
        return request(request, null, scope);
    }

    /** @param from the answer with the address of the request, which may be relative to its own; null: none */
    HttpRequest request(Request request, @Nullable HttpResponse from, Scope scope)
            throws TaskFailure, ExpressionFailure {
        if (request.url() != null) {
            return complete(
                    withQuery(
                            HttpRequest.of("GET", target(request.url().of(scope), from)),
                            request.query().of(scope)),
                    request,
                    scope);
        }
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
                HttpRequest.of(
                        "GET",
                        uri(uri.getScheme() + "://" + uri.getRawAuthority()
                                + LocalAddress.withKey(local, authenticate.keyInPath()))),
                request,
                scope);
    }

    private HttpRequest address(String path, Map<String, @Nullable Object> query) throws TaskFailure {
        return withQuery(HttpRequest.of("GET", uri(base + authenticate.keyInPath() + authenticate.path(path))), query);
    }

    private static HttpRequest withQuery(HttpRequest request, Map<String, @Nullable Object> query) {
        HttpRequest to = request;
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
        if (isAtBase(to.uri())) { // They may name the account.
            its = withHeaders(its, definition.http().headers().of(scope));
        }
        if (request.body() != null) {
            its = withBody(its, request.body().of(scope), request.form());
        }
        return withHeaders(its, request.headers().of(scope));
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

    /**
     * Sends a request.
     *
     * @param special when an answer is no failure but {@link ProviderAnswer.Meaning#SPECIAL}; null: never
     * @throws TaskFailure when the answer means one
     */
    ProviderAnswer send(HttpRequest to, Request request, @Nullable Condition special, Scope scope)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        if (request.url() != null && !isAtBase(to.uri())) {
            return exchange(to, request, special, scope); // The credentials are for the host of baseUrl alone.
        }
        Authentication.Session session = authenticate.session().orElse(null);
        if (session == null) {
            return exchange(authenticate.of(to, null), request, special, scope);
        }
        String token = token(session, null);
        try {
            return exchange(authenticate.of(to, token), request, special, scope);
        } catch (TaskFailure.Unauthorized e) {
            // The session has ended. If a new session is refused too, its age is not the reason.
            String other = token(session, token);
            return exchange(authenticate.of(to, other), request, special, scope);
        }
    }

    /**
     * Logs in where a login is needed, and sends nothing else.
     *
     * @throws TaskFailure.Unauthorized when a credential is missing or cannot be sent, or the login is refused
     */
    void checkCredentials() throws TaskFailure, ExpressionFailure, InterruptedException {
        Authentication.Session session = authenticate.session().orElse(null);
        String token = session == null ? null : token(session, null);
        authenticate.of(HttpRequest.of("GET", uri(base + authenticate.keyInPath())), token);
    }

    /** @param refused the token of a session that has ended; null: none */
    private String token(Authentication.Session session, @Nullable String refused)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        return sessions.token(context, base, refused, () -> new BeginSession(this, session.logIn()).token());
    }

    private boolean isAtBase(URI address) {
        return LocalAddress.isSameServer(URI.create(base), address);
    }

    /** The credentials of the account by key. */
    Map<String, @Nullable Object> credentials() {
        var credentials = new LinkedHashMap<String, @Nullable Object>();
        for (String key : context.credentials().keys()) {
            credentials.put(key, context.credentials().find(key).orElse(""));
        }
        return credentials;
    }

    private ProviderAnswer exchange(HttpRequest to, Request request, @Nullable Condition special, Scope scope)
            throws TaskFailure, ExpressionFailure, InterruptedException {
        HttpResponse response = context.http().send(to);
        return judge.of(
                new ProviderAnswer(to, response, body(response), ProviderAnswer.Meaning.RECORDS),
                request,
                special,
                scope);
    }

    /** Null when there is none, or JSON's null; a text when it is no JSON object or array. */
    @Nullable
    Object body(HttpResponse response) throws TaskFailure {
        String start = response.text().strip();
        if (start.isEmpty() || start.equals("null")) {
            return null;
        }
        if (!start.startsWith("{") && !start.startsWith("[")) {
            return start;
        }
        boolean refused = response.status() >= 400;
        try {
            return start.startsWith("{") ? response.json().values() : response.jsonList();
        } catch (TaskFailure.Transient e) {
            if (refused || judge.ofAction()) {
                return start; // Its status says whether it is a failure.
            }
            throw e;
        }
    }

    /**
     * The part of the URL of a next page that {@link #followed} takes.
     *
     * @throws ExpressionFailure when it is no URL
     */
    String local(String url, HttpResponse of) throws TaskFailure, ExpressionFailure {
        return new LocalAddress(definition, context, authenticate.keyInPath()).of(url, of);
    }

    private URI target(String url, @Nullable HttpResponse from) throws TaskFailure {
        try {
            URI uri = from == null ? URI.create(url) : from.resolve(url);
            HttpRequest.get(uri);
            return uri;
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Transient(
                    domain() + ".answerUnreadable",
                    "The address of a file is no http or https URL.",
                    null); // Without its cause, which quotes the URL, and that may have a key in it.
        }
    }

    private URI uri(String text) throws TaskFailure {
        try {
            URI uri = URI.create(text);
            HttpRequest.get(uri);
            return uri;
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Misconfigured(
                    domain() + ".badAddress",
                    "The address is no http or https URL: check baseUrl, which is like " + definition.baseUrl() + ".",
                    null);
        }
    }

    /** The variables of the expressions of requests: the account, and the options of the run. */
    Scope scope() {
        var options = new LinkedHashMap<String, @Nullable Object>();
        options.put("force", context.options().force());
        Optional.ofNullable(context.options().startDate()).ifPresent(date -> options.put("startDate", date.toString()));
        Optional.ofNullable(context.options().firstSince())
                .ifPresent(time -> options.put("firstSince", time.toString()));
        Optional.ofNullable(context.options().endDate()).ifPresent(date -> options.put("endDate", date.toString()));
        var variables = new LinkedHashMap<String, @Nullable Object>();
        variables.put("config", context.config().values());
        variables.put("state", context.syncState().values());
        variables.put("options", new JsonObject(options).values());
        variables.put("values", definition.constants().values());
        ApiVersion version = definition.constants().apiVersion();
        if (version != null) {
            variables.put("apiVersion", context.config().text("apiVersion").orElse(version.value()));
        }
        return new Scope(variables, context.clock());
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
