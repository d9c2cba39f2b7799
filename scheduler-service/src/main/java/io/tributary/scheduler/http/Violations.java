package io.tributary.scheduler.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects everything that is wrong with a request, so that the answer names it all at once. */
public final class Violations {

    private final List<Violation> found = new ArrayList<>();

    /** Notes a violation. */
    public void add(String path, String message) {
        found.add(new Violation(path, message));
    }

    /** Notes a violation unless {@code holds}. */
    public void check(boolean holds, String path, String message) {
        if (!holds) {
            add(path, message);
        }
    }

    /** Notes when a text is too long or blank, or has characters that Postgres cannot hold; null is fine. */
    public void checkText(@Nullable String text, int maxLength, String path) {
        if (text != null) {
            check(!text.isBlank() && text.length() <= maxLength, path, "must have 1 to " + maxLength + " characters");
            checkStorable(text, path);
        }
    }

    /** Notes when a text has NUL characters, or halves of surrogate pairs. */
    public void checkStorable(String text, String path) {
        check(isStorable(text), path, "has a NUL character or half a surrogate pair");
    }

    /** Whether Postgres can hold a text: one without NUL characters and halves of surrogate pairs. */
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** What was noted so far. */
    public List<Violation> found() {
        return List.copyOf(found);
    }

    /**
     * Ends the request if anything is wrong with it.
     *
     * @throws ApiException naming all that was noted
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ApiException(Problem.invalid(found));
        }
    }
}
