package io.tributary.scheduler.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.springframework.http.HttpStatus;

/**
 * An error as RFC 9457 has it ({@code application/problem+json}; its {@code type} is {@code about:blank}).
 *
 * @param status the HTTP status
 * @param title the status in words
 * @param code stable: programs may depend on it
 * @param detail for a person: what happened and what to do
 * @param errors everything that is wrong with the request; empty unless the request is invalid
 */
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
            of(HttpStatus.NOT_FOUND, "api.notFound", "There is nothing here, or nothing that you may see.");

    public static final Problem BODY_TOO_LARGE = of(
            HttpStatus.CONTENT_TOO_LARGE,
            "api.bodyTooLarge",
            "The body is larger than " + LimitBody.MAX_BYTES / 1024 + " KB: send less.");

    public static final Problem TOO_MANY_REQUESTS = of(
            HttpStatus.TOO_MANY_REQUESTS,
            "api.tooManyRequests",
            "You ask faster than one caller may: wait as long as the header Retry-After says.");

    public static final Problem UNAVAILABLE = of(
            HttpStatus.SERVICE_UNAVAILABLE, "api.unavailable", "The database does not answer. Try again in a moment.");

    public static final Problem INTERNAL = of(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "api.internalError",
            "Something went wrong here. It was logged; try again, and report it when it stays.");

    public static Problem of(HttpStatus status, String code, String detail) {
        return new Problem(status.value(), status.getReasonPhrase(), code, detail, List.of());
    }

    /** A request that cannot be served as it is. */
    public static Problem invalid(List<Violation> errors) {
        return new Problem(
                HttpStatus.BAD_REQUEST.value(),
                HttpStatus.BAD_REQUEST.getReasonPhrase(),
                "api.invalidRequest",
                "The request is invalid: change what errors names, and send it again.",
                List.copyOf(errors));
    }

    /** What a status means when nothing more is known. */
    static Problem of(HttpStatus status) {
        return switch (status) {
            case UNAUTHORIZED -> UNAUTHENTICATED;
            case NOT_FOUND -> NOT_FOUND;
            case CONTENT_TOO_LARGE -> BODY_TOO_LARGE;
            case SERVICE_UNAVAILABLE -> UNAVAILABLE;
            case TOO_MANY_REQUESTS -> TOO_MANY_REQUESTS;
            case METHOD_NOT_ALLOWED ->
                of(status, "api.methodNotAllowed", "This resource has other methods: see the header Allow.");
            case NOT_ACCEPTABLE -> of(status, "api.notAcceptable", "Answers are application/json: accept that.");
            case UNSUPPORTED_MEDIA_TYPE -> of(status, "api.unsupportedMediaType", "Send the body as application/json.");
            default ->
                status.is5xxServerError()
                        ? INTERNAL
                        : of(status, "api.badRequest", "The request is malformed: see /v3/api-docs.");
        };
    }
}
