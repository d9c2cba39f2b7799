package io.tributary.integrations.ftp;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pattern for files: {@code *} and {@code ?} stand for characters of one name, {@code **} as a step for any number of
 * directories, {@code [a-z]} and {@code [!a-z]} for one character of a set, {@code {a,b}} for either; a backslash takes
 * the next character as it is. Case matters.
 *
 * <p>Without a slash it is compared with the name alone, at any depth: {@code *.csv}. With one it is compared with the
 * path below the configured one, {@code reports/**}{@code /*.csv}, and when it starts with one also with the whole
 * path.
 *
 * <p>Matching takes time proportional to pattern times path, whatever the pattern. That is why it is neither a {@link
 * java.nio.file.PathMatcher} nor a regular expression, whose time could explode.
 *
 * @param alternatives what the braces stand for: each a list of steps, each a list of tokens
 */
record Glob(List<List<List<String>>> alternatives, boolean nameOnly, boolean absolute) {

    /** Most patterns that the braces of one may stand for. */
    private static final int MAX_ALTERNATIVES = 100;

    private static final List<String> ANY_STEPS = List.of("*", "*");
    private static final Pattern INNERMOST_BRACES = Pattern.compile("\\{([^{}]*)}");
    private static final Pattern TOKEN = Pattern.compile("\\[.[^]]*]|.", Pattern.DOTALL);
    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)", Pattern.DOTALL);

    /** Where an escaped special character stands in a pattern, there is the noncharacter at its place from here on. */
    private static final char FIRST_MASK = '\uFDD0';

    private static final String SPECIAL = "*?[]{},!^-\\";

    /** @throws IllegalArgumentException when the braces stand for more than 100 patterns */
    static Glob of(String pattern) {
        boolean absolute = pattern.startsWith("/");
        var expanded = new ArrayList<String>();
        expand(ESCAPED.matcher(absolute ? pattern.substring(1) : pattern).replaceAll(Glob::masked), expanded);
        return new Glob(expanded.stream().map(Glob::steps).toList(), pattern.indexOf('/') < 0, absolute);
    }

    private static String masked(MatchResult escaped) {
        int special = SPECIAL.indexOf(escaped.group(1));
        return Matcher.quoteReplacement(special < 0 ? escaped.group(1) : String.valueOf((char) (FIRST_MASK + special)));
    }

    /** Writes the innermost {@code {a,b}} out, until no braces are left. */
    private static void expand(String pattern, List<String> expanded) {
        Matcher braces = INNERMOST_BRACES.matcher(pattern);
        if (!braces.find()) {
            expanded.add(pattern);
            if (expanded.size() > MAX_ALTERNATIVES) {
                throw new IllegalArgumentException(
                        "a pattern stands for more than " + MAX_ALTERNATIVES + " patterns: write fewer {a,b}");
            }
            return;
        }
        for (String choice : braces.group(1).split(",", -1)) {
            expand(pattern.substring(0, braces.start()) + choice + pattern.substring(braces.end()), expanded);
        }
    }

    private static List<List<String>> steps(String pattern) {
        return Stream.of(pattern.split("/"))
                .map(step ->
                        TOKEN.matcher(step).results().map(MatchResult::group).toList())
                .toList();
    }

    /**
     * @param relative the path below the configured one, without a slash at the start
     * @param whole the same path from the root of the server
     */
    boolean matches(String relative, String whole) {
        String compared = nameOnly ? relative.substring(relative.lastIndexOf('/') + 1) : relative;
        return matchesAny(compared.split("/"))
                || (absolute && matchesAny(whole.substring(1).split("/")));
    }

    private boolean matchesAny(String[] steps) {
        return alternatives.stream()
                .anyMatch(pattern -> matches(pattern, ANY_STEPS, steps.length, (step, s) -> {
                    String name = steps[s];
                    return matches(step, "*", name.length(), (token, n) -> isOne(token, name.charAt(n)));
                }));
    }

    /**
     * Compares a pattern with a text of this number of items. After a mismatch, the last wildcard takes one item more.
     *
     * @param any what stands for any number of items
     * @param one whether part of a pattern stands for the item at an index
     */
    private static <T> boolean matches(List<T> pattern, T any, int length, BiPredicate<T, Integer> one) {
        int p = 0;
        int t = 0;
        int afterAny = -1;
        int startOfAny = 0;
        while (t < length) {
            if (p < pattern.size() && pattern.get(p).equals(any)) {
                afterAny = ++p;
                startOfAny = t;
            } else if (p < pattern.size() && one.test(pattern.get(p), t)) {
                p++;
                t++;
            } else if (afterAny >= 0) {
                p = afterAny;
                t = ++startOfAny;
            } else {
                return false;
            }
        }
        while (p < pattern.size() && pattern.get(p).equals(any)) {
            p++;
        }
        return p == pattern.size();
    }

    private static boolean isOne(String token, char character) {
        return token.equals("?")
                || (token.length() == 1 ? unmasked(token.charAt(0)) == character : isInSet(token, character));
    }

    /** @param set with its brackets */
    private static boolean isInSet(String set, char character) {
        boolean negated = set.charAt(1) == '!' || set.charAt(1) == '^';
        boolean found = false;
        for (int i = negated ? 2 : 1; i < set.length() - 1; i++) {
            int last = i + 3 < set.length() && set.charAt(i + 1) == '-' ? i + 2 : i;
            found |= unmasked(set.charAt(i)) <= character && character <= unmasked(set.charAt(last));
            i = last;
        }
        return found != negated;
    }

    private static char unmasked(char character) {
        int special = character - FIRST_MASK;
        return special >= 0 && special < SPECIAL.length() ? SPECIAL.charAt(special) : character;
    }
}
