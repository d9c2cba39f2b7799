package io.tributary.scheduler.http;

/**
 * One thing that is wrong with a request.
 *
 * @param path where: a JSON pointer into the body, such as {@code /config/host}, or the name of a query parameter
 * @param message what is wrong, without the value, which may be a secret
 */
public record Violation(String path, String message) {

    /** One step of a JSON pointer. */
    public static String step(String key) {
        return "/" + key.replace("~", "~0").replace("/", "~1");
    }
}
