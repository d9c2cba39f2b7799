package io.tributary.scheduler.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * An error in the format of RFC 9457 ({@code application/problem+json}). Its {@code type} leads to the entry of its
 * code in the catalogue of errors.
 *
 * @param status the HTTP status
 * @param title the status in words
 * @param code stable: programs may depend on it
 * @param detail for people: the failure, and its remedy
 * @param errors all violations of the request; empty unless the request is invalid
 */
@JsonPropertyOrder("type")
public record Problem(
        int status,
        String title,
        String code,
        String detail,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Violation> errors) {

    public static final Problem UNAUTHENTICATED = of(
            HttpStatus.UNAUTHORIZED,
            "api.unauthenticated",
            "Send the header 'Authorization: Bearer <token>' with a valid, unexpired token for this service.");

    public static final Problem NOT_FOUND =
            of(HttpStatus.NOT_FOUND, "api.notFound", "It does not exist, or you may not see it.");

    public static final Problem UNAVAILABLE =
            of(HttpStatus.SERVICE_UNAVAILABLE, "api.unavailable", "The database does not answer. Retry in a moment.");

    public static final Problem BUSY = of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "api.busy",
            "All database connections for these requests are in use. Retry in a moment, with fewer requests at once.");

    public static final Problem QUERY_TIMED_OUT = of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "api.queryTimedOut",
            "The database took too long for this request. Narrow it, such as to one account or a shorter time, or retry"
                    + " when there is less load.");

    public static final Problem BODY_TOO_LARGE = of(
            HttpStatus.CONTENT_TOO_LARGE,
            "api.bodyTooLarge",
            "The body is larger than " + BodyLimitFilter.MAX_BYTES / 1024 + " KB. Send a smaller one.");

    public static final Problem TOO_MANY_REQUESTS = of(
            HttpStatus.TOO_MANY_REQUESTS,
            "api.tooManyRequests",
            "Too many requests. Retry after the delay in Retry-After.");

    public static final Problem INTERNAL = of(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "api.internalError",
            "The request failed because of an internal error, which was logged. Retry, and report the error if it"
                    + " persists.");

    /** Static, because Tomcat creates {@link ProblemHandler.Valve} by its name. */
    private static volatile String errorsUrl = ApiProperties.ERRORS_URL;

    /** Sets the URL of the catalogue of errors, for all problems of this process. */
    static void linkTo(String url) {
        errorsUrl = url;
    }

    /** The URI of the entry of the code: an absolute one, or one relative to the address of the API. */
    @JsonProperty("type")
    public String type() {
        return errorsUrl + "#" + code;
    }

    public static Problem of(HttpStatus status, String code, String detail) {
        return new Problem(status.value(), status.getReasonPhrase(), code, detail, List.of());
    }

    /** A request that is invalid. */
    public static Problem invalid(List<Violation> errors) {
        return new Problem(
                HttpStatus.BAD_REQUEST.value(),
                HttpStatus.BAD_REQUEST.getReasonPhrase(),
                "api.invalidRequest",
                "The request is invalid. Correct the fields listed in errors, and send it again.",
                List.copyOf(errors));
    }

    /** The problem of a status without further details. */
    static Problem of(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> UNAUTHENTICATED;
            case NOT_FOUND -> NOT_FOUND;
            case CONTENT_TOO_LARGE -> BODY_TOO_LARGE;
            case SERVICE_UNAVAILABLE -> UNAVAILABLE;
            case TOO_MANY_REQUESTS -> TOO_MANY_REQUESTS;
            case METHOD_NOT_ALLOWED ->
                of(status, "api.methodNotAllowed", "This resource does not support the method. See the header Allow.");
            case NOT_ACCEPTABLE -> of(status, "api.notAcceptable", "Responses are application/json. Accept that type.");
            case UNSUPPORTED_MEDIA_TYPE -> of(status, "api.unsupportedMediaType", "Send the body as application/json.");
            default ->
                status.is5xxServerError()
                        ? INTERNAL
                        : of(status, "api.badRequest", "The request is malformed. See /v3/api-docs.");
        };
    }

    /** Writes it as the response, from a filter; headers that are already set stay. */
    public void write(HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.getOutputStream().write(json().getBytes(StandardCharsets.UTF_8));
    }

    String json() {
        return JsonMapper.shared().writeValueAsString(this);
    }
}
