package io.tributary.schemas;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The values of the label {@code code} of a metric. They are bounded, because integrations have codes of their own and
 * may put anything into one. Thread safe.
 */
public final class CodeLabels {

    /** The label of a text that is no code, and of codes that come when there are {@value #MOST} labels. */
    public static final String OTHER = "other";

    /** Most labels, {@link #OTHER} included. */
    public static final int MOST = 200;

    private static final int MAX_LENGTH = 80;
    private static final Pattern CODE = Pattern.compile("[a-zA-Z0-9-]+\\.[a-zA-Z0-9.-]+");

    private final Set<String> labels = ConcurrentHashMap.newKeySet();

    public CodeLabels() {
        labels.add(OTHER);
    }

    /**
     * Returns the code itself, or {@link #OTHER}. Threads that meet new codes at the same moment may exceed
     * {@link #MOST}.
     */
    public String of(String code) {
        if (labels.contains(code)) {
            return code;
        }
        if (labels.size() >= MOST
                || code.length() > MAX_LENGTH
                || !CODE.matcher(code).matches()) {
            return OTHER;
        }
        labels.add(code);
        return code;
    }
}
