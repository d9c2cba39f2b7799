package io.tributary.integrations.http;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The target of a redirect (RFC 9110, section 15.4).
 *
 * @param status 301, 302, 303, 307 or 308
 * @param location as it was sent
 */
record Redirect(int status, String location) {

    /** Headers without secrets, which another origin may receive. */
    private static final Set<String> FOR_ANY_ORIGIN = Set.of(
            "accept",
            "accept-encoding",
            "accept-language",
            "content-type",
            "if-modified-since",
            "if-none-match",
            "range",
            "user-agent");

    /** The redirect in a response, if it is one. */
    static Optional<Redirect> in(Answer answer) {
        return switch (answer.status()) {
            case 301, 302, 303, 307, 308 ->
                answer.header("location").map(location -> new Redirect(answer.status(), location));
            default -> Optional.empty();
        };
    }

    /**
     * The request to send next.
     *
     * @throws TaskFailure.Transient {@code <domain>.answerUnreadable} when the location is no http or https URI
     * @throws TaskFailure.Permanent {@code <domain>.redirectRefused} when the body would go to another origin. RFC
     *     9110, section 15.4, demands care with a method that is not known to be safe; curl and browsers send the body,
     *     but a person chose to trust the first host there, and a body may have secrets as headers do
     */
    @SuppressWarnings("NullAway") // It does not see in a class file that the array may be null.
    HttpRequest of(HttpRequest request, String domain) throws TaskFailure {
        boolean becomesGet = becomesGet(request.method());
        var headers = new HashMap<>(request.headers());
        byte @Nullable [] body = request.body();
        if (becomesGet) {
            headers.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("content-"));
            body = null;
        }
        try {
            URI target = References.resolve(request.uri(), location, StandardCharsets.ISO_8859_1);
            if (body != null && !sameOrigin(request.uri(), target)) {
                throw new TaskFailure.Permanent(
                        domain + ".redirectRefused",
                        request + " was redirected to another origin, which must not get its body. Set the address"
                                + " to which the provider has moved.",
                        null);
            }
            return new HttpRequest(
                    becomesGet ? "GET" : request.method(),
                    target,
                    sameOrigin(request.uri(), target) ? headers : forAnyOrigin(headers),
                    body,
                    request.timeout(),
                    request.maxBytes(),
                    request.expected(),
                    request.hidden(),
                    request.into());
        } catch (IllegalArgumentException e) {
            throw new TaskFailure.Transient(
                    domain + ".answerUnreadable", request + " was redirected to what is no http or https URI.", null);
        }
    }

    /**
     * Whether the server may have done what the request asks for before it redirected, as it does after a form was
     * posted. A server that answers 307 or 308 has not: the request is to be sent to the target.
     */
    boolean mayFollowAnEffect(HttpRequest request) {
        return status <= 303
                && !request.method().equals("GET")
                && !request.method().equals("HEAD");
    }

    /** As browsers do (Fetch standard, HTTP-redirect fetch, step 12). */
    private boolean becomesGet(String method) {
        return switch (status) {
            case 301, 302 -> method.equals("POST");
            case 303 -> !method.equals("GET") && !method.equals("HEAD");
            default -> false;
        };
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static Map<String, String> forAnyOrigin(Map<String, String> headers) {
        var rest = new HashMap<>(headers);
        rest.keySet().removeIf(name -> !FOR_ANY_ORIGIN.contains(name.toLowerCase(Locale.ROOT)));
        return rest;
    }
}
