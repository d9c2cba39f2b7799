package io.tributary.worker.codec;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A stack trace as it may leave the worker: the classes of the exceptions and their frames, of the causes and
 * suppressed exceptions as well, without their texts. The text of a foreign exception may quote a request, a response
 * or a setting, and so a secret.
 */
public final class StackText {

    /** Longest text, characters. */
    static final int MAX_CHARACTERS = 8_000;

    private static final int MOST_FRAMES = 30;
    private static final StackTraceElement[] NONE = {};
    private static final String CUT = "\t...";

    private final StringBuilder text = new StringBuilder();
    private final Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean full;

    private StackText() {}

    /** The trace of an exception, at most 8,000 characters. Never fails, whatever the exception's class overrides. */
    public static String of(Throwable thrown) {
        var stack = new StackText();
        stack.add("", thrown, NONE, "");
        return stack.text.toString();
    }

    private void add(String relation, Throwable thrown, StackTraceElement[] around, String indent) {
        if (full) {
            return;
        }
        append(indent + relation + thrown.getClass().getName());
        if (!seen.add(thrown)) {
            append(" (see above)\n");
            return;
        }
        append("\n");
        try {
            StackTraceElement[] frames = thrown.getStackTrace();
            addFrames(frames, around, indent);
            for (Throwable suppressed : thrown.getSuppressed()) {
                add("Suppressed: ", suppressed, frames, indent + "\t");
            }
            Throwable cause = thrown.getCause();
            if (cause != null) {
                add("Caused by: ", cause, frames, indent);
            }
        } catch (RuntimeException | Error e) {
            append(indent + "\t(the exception does not give its trace)\n");
        }
    }

    /** Adds the frames that are not those of the trace around it as well. */
    private void addFrames(StackTraceElement[] frames, StackTraceElement[] around, String indent) {
        int own = frames.length;
        for (int i = around.length; own > 0 && i > 0 && frames[own - 1].equals(around[i - 1]); i--) {
            own--;
        }
        int shown = Math.min(own, MOST_FRAMES);
        for (int i = 0; i < shown; i++) {
            append(indent + "\tat " + frames[i] + "\n");
        }
        if (frames.length > shown) {
            append(indent + "\t... " + (frames.length - shown) + " more\n");
        }
    }

    private void append(String more) {
        if (full) {
            return;
        }
        full = text.length() + more.length() > MAX_CHARACTERS - CUT.length();
        text.append(full ? CUT : more);
    }
}
