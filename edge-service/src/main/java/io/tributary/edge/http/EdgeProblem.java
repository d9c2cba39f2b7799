package io.tributary.edge.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/** Why a request is refused, in the format of RFC 9457. The names of the codes are stable. */
public enum EdgeProblem {
    UNKNOWN_ENDPOINT(
            HttpStatus.NOT_FOUND,
            "webhooks.unknownEndpoint",
            "There is no such webhook endpoint. Create one by POST /v1/user-integrations/{id}/webhook-endpoint."),
    BAD_SIGNATURE(
            HttpStatus.BAD_REQUEST,
            "webhooks.badSignature",
            "The signature or the time of the request is not valid for this endpoint. Check the secret at both sides,"
                    + " and the clock."),
    BAD_CHALLENGE(
            HttpStatus.BAD_REQUEST,
            "webhooks.badChallenge",
            "This is not the challenge that the endpoint expects. Check the verify token."),
    BODY_TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, "api.bodyTooLarge", "The body is larger than 1,024 KB."),
    BODY_TOO_SLOW(
            HttpStatus.REQUEST_TIMEOUT, "webhooks.bodyTooSlow", "The body did not arrive in time. Send it again."),
    TOO_MANY_REQUESTS(
            HttpStatus.TOO_MANY_REQUESTS,
            "api.tooManyRequests",
            "Too many requests. Retry after the delay in Retry-After."),
    BUSY(
            HttpStatus.SERVICE_UNAVAILABLE,
            "webhooks.busy",
            "Too many requests are being received. Retry after the delay in Retry-After."),
    NOT_STORED(
            HttpStatus.SERVICE_UNAVAILABLE,
            "webhooks.notStored",
            "The webhook could not be stored. Send it again after the delay in Retry-After.");

    /** Delay in Retry-After of a service that is busy, seconds. */
    private static final String LATER = "5";

    private record Body(String type, String title, int status, String code, String detail) {}

    private final HttpStatus status;
    private final String code;
    private final String json;

    EdgeProblem(HttpStatus status, String code, String detail) {
        this.status = status;
        this.code = code;
        this.json = JsonMapper.shared()
                .writeValueAsString(new Body("about:blank", status.getReasonPhrase(), status.value(), code, detail));
    }

    /** Its stable code. */
    public String code() {
        return code;
    }

    /** Writes it as the response; headers that are already set stay. */
    public void write(HttpServletResponse response) throws IOException {
        response.setStatus(status.value());
        if (status == HttpStatus.SERVICE_UNAVAILABLE) {
            response.setHeader("Retry-After", LATER);
        }
        response.setContentType("application/problem+json");
        response.setCharacterEncoding(StandardCharsets.UTF_8.name());
        response.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    }
}
