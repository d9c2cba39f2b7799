package io.tributary.integrations.ftp;

import java.time.Month;
import java.time.format.TextStyle;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The months as servers write them in the language of their machine, from the JDK's table of languages: whole names and
 * their abbreviations, and the {@code 3月} of East Asia. A name that means different months in different languages means
 * none, unless it is English.
 */
final class MonthNames {

    private static final List<String> LANGUAGES = List.of(
            "de", "fr", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "pl", "cs", "sk", "sl", "hr", "hu", "ro", "bg",
            "ru", "uk", "el", "tr", "et", "lv", "lt");

    private static final int SHORTEST = 3;

    private static final Map<String, Set<Month>> MONTHS = new HashMap<>();

    static {
        LANGUAGES.forEach(language -> add(Locale.forLanguageTag(language)));
        for (Month month : Month.values()) {
            abbreviations(month.getDisplayName(TextStyle.FULL, Locale.ENGLISH), month, true);
        }
    }

    private MonthNames() {}

    private static void add(Locale locale) {
        for (Month month : Month.values()) {
            for (TextStyle style : List.of(TextStyle.FULL, TextStyle.FULL_STANDALONE)) {
                abbreviations(month.getDisplayName(style, locale), month, false);
            }
            for (TextStyle style : List.of(TextStyle.SHORT, TextStyle.SHORT_STANDALONE)) {
                add(month.getDisplayName(style, locale), month, false);
            }
        }
    }

    private static void abbreviations(String name, Month month, boolean alone) {
        for (int length = SHORTEST; length <= name.length(); length++) {
            add(name.substring(0, length), month, alone);
        }
    }

    private static void add(String name, Month month, boolean alone) {
        Set<Month> meanings = MONTHS.computeIfAbsent(key(name), key -> EnumSet.noneOf(Month.class));
        if (alone) {
            meanings.clear();
        }
        meanings.add(month);
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** The month's English abbreviation, {@code Mar}; empty when the name means none. */
    static Optional<String> inEnglish(String name) {
        return month(key(name)).map(month -> month.getDisplayName(TextStyle.SHORT, Locale.US));
    }

    private static Optional<Month> month(String key) {
        if (Character.isDigit(key.charAt(0))) {
            return Optional.of(Month.of(Integer.parseInt(key.substring(0, key.length() - 1))));
        }
        Set<Month> meanings = MONTHS.getOrDefault(key, Set.of());
        return meanings.size() == 1 ? Optional.of(meanings.iterator().next()) : Optional.empty();
    }
}
