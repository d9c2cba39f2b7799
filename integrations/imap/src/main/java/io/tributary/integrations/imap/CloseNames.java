package io.tributary.integrations.imap;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Suggests folders for a name that is not there: mostly case and separators are wrong. */
final class CloseNames {

    private static final int MAX_NAMES = 5;

    private CloseNames() {}

    /** The names that share the most with the wanted one, at most five; any five when none shares anything. */
    static List<String> to(String wanted, List<String> names) {
        String key = letters(wanted);
        return names.stream()
                .sorted(Comparator.comparingInt((String name) -> distance(key, letters(name))))
                .limit(MAX_NAMES)
                .toList();
    }

    private static int distance(String wanted, String name) {
        if (name.equals(wanted)) {
            return 0;
        }
        if (name.endsWith(wanted) || wanted.endsWith(name)) {
            return 1;
        }
        return name.contains(wanted) || wanted.contains(name) ? 2 : 3;
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }
}
