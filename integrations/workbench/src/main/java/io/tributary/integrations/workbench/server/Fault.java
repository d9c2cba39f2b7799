package io.tributary.integrations.workbench.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** What goes wrong with an answer of a {@link ScriptedHttpServer}. */
public sealed interface Fault {

    /** Another answer instead; the handler is not asked. */
    record Instead(ScriptedAnswer answer) implements Fault {}

    /** The handler's answer, changed. */
    record Changed(UnaryOperator<ScriptedAnswer> change) implements Fault {}

    /** Half of the handler's answer under the header of the whole, and then the end of the connection. */
    record Truncated() implements Fault {}

    /** The connection is reset. */
    record Reset(Stage stage) implements Fault {}

    /** The answer comes late, or never when the server is closed before. */
    record Slow(Duration delay) implements Fault {}

    /** When a connection is reset. */
    enum Stage {
        /** The handler is not asked. */
        BEFORE_THE_HANDLER,
        /** The handler has done its work and its answer is lost. */
        AFTER_THE_HANDLER,
        /** Half of the answer is sent. */
        MIDWAY
    }

    /** A status, with a body in JSON that says no more. */
    static Fault status(int status) {
        return new Instead(ScriptedAnswer.json("error", "injected").withStatus(status));
    }

    /** 401, as for a token that has expired. */
    static Fault unauthorized() {
        return new Instead(ScriptedAnswer.json("error", "invalid_token")
                .withStatus(401)
                .header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    }

    /** 429 with {@code Retry-After} in seconds. */
    static Fault rateLimited(Duration wait) {
        return new Instead(ScriptedAnswer.status(429).header("Retry-After", String.valueOf(wait.toSeconds())));
    }

    /** 429 with {@code Retry-After} as a date. */
    static Fault rateLimitedUntil(Instant time) {
        return new Instead(ScriptedAnswer.status(429)
                .header(
                        "Retry-After",
                        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                                .format(time.atOffset(ZoneOffset.UTC))));
    }

    /** 403 with an exhausted quota in {@code x-ratelimit} headers. */
    static Fault quotaExhausted(Instant resetsAt) {
        return new Instead(ScriptedAnswer.json("message", "API rate limit exceeded")
                .withStatus(403)
                .header("X-RateLimit-Remaining", "0")
                .header("X-RateLimit-Reset", String.valueOf(resetsAt.getEpochSecond())));
    }

    /** 200 with the page of a proxy instead of JSON. */
    static Fault html() {
        return new Instead(ScriptedAnswer.status(200)
                .body("text/html", "<!doctype html><title>Sign in</title><p>Please sign in to this network."));
    }

    /** The first half of the body, as if that were all. */
    static Fault malformed() {
        return new Changed(answer -> new ScriptedAnswer(
                answer.status(), answer.headers(), Arrays.copyOf(answer.body(), answer.body().length / 2)));
    }

    /** The body as it is, under the name of another charset. */
    static Fault charset(String name) {
        return new Changed(answer -> answer.header("Content-Type", "application/json; charset=" + name));
    }

    /** The text of the body in another charset, under its name. */
    static Fault encodedAs(java.nio.charset.Charset charset) {
        return new Changed(answer -> answer.body(
                "application/json; charset=" + charset.name(),
                new String(answer.body(), StandardCharsets.UTF_8).getBytes(charset)));
    }

    static Fault truncated() {
        return new Truncated();
    }

    static Fault reset() {
        return new Reset(Stage.BEFORE_THE_HANDLER);
    }

    static Fault slow(Duration delay) {
        return new Slow(delay);
    }
}
