package io.tributary.scheduler.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Collects the violations of a request, so that one response names them all. */
public final class Violations {

    private final List<Violation> found = new ArrayList<>();

    /** Adds a violation. */
    public void add(String path, String message) {
        found.add(new Violation(path, message));
    }

    /** Adds a violation unless {@code holds}. */
    public void check(boolean holds, String path, String message) {
        if (!holds) {
            add(path, message);
        }
    }

    /** Checks that a text is not blank, not too long, and that Postgres can store it; null is valid. */
    public void checkText(@Nullable String text, int maxLength, String path) {
        if (text != null) {
            check(!text.isBlank() && text.length() <= maxLength, path, "must have 1 to " + maxLength + " characters");
            checkStorable(text, path);
        }
    }

    /** Checks that a text has no NUL character and no unpaired surrogate. */
    public void checkStorable(String text, String path) {
        check(isStorable(text), path, "has a NUL character or an unpaired surrogate");
    }

    /** Checks that Postgres can store a JSON value: its texts, and the size of its numbers. */
    // The body's parser allows 500 levels at most, so the recursion ends.
    public void checkStorable(JsonNode node, String path) {
        if (node.isString()) {
            checkStorable(node.stringValue(), path);
        } else if (node.isNumber()) {
            check(Double.isFinite(node.numberValue().doubleValue()), path, "is too large a number");
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                checkStorable(node.get(i), path + "/" + i);
            }
        } else if (node.isObject()) {
            node.forEachEntry((key, value) -> {
                checkStorable(key, path);
                checkStorable(value, path + Violation.step(key));
            });
        }
    }

    /** Whether Postgres can store a text: one without NUL characters and unpaired surrogates. */
    public static boolean isStorable(String text) {
        return text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** The violations so far. */
    public List<Violation> found() {
        return List.copyOf(found);
    }

    /** Whether none was found. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /**
     * Rejects the request if there are violations.
     *
     * @throws ApiException with all of them
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ApiException(Problem.invalid(found));
        }
    }
}
