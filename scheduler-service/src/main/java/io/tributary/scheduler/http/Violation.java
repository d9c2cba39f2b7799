package io.tributary.scheduler.http;

/**
 * One violation of a request.
 *
 * @param path a JSON pointer into the body, such as {@code /config/host}, or the name of a query parameter
 * @param message the error, without the value, which may be a secret
 */
public record Violation(String path, String message) {

    /** One step of a JSON pointer. */
    public static String step(String key) {
        return "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
