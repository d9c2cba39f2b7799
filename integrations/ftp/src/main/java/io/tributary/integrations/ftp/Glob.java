package io.tributary.integrations.ftp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pattern for files: {@code *} and {@code ?} stand for characters of one name, {@code **} as a step for any number of
 * directories, {@code [a-z]} and {@code [!a-z]} for one character of a set, {@code {a,b}} for either; a backslash takes the
 * next character as it is. Case matters.
 *
 * <p>Without a slash it is compared with the name alone, at any depth: {@code *.csv}. With one it is compared with the path
 * below the configured one, {@code reports/**}{@code /*.csv}, and when it starts with one also with the whole path.
 *
 * <p>Matching takes time proportional to pattern times path, whatever the pattern: no regular expression, whose time could
 * explode.
 */
final class Glob {

    /** Most patterns that the braces of one may stand for. */
    private static final int MAX_ALTERNATIVES = 100;

    private final List<List<String>> alternatives;
    private final boolean nameOnly;
    private final boolean absolute;

    private Glob(List<List<String>> alternatives, boolean nameOnly, boolean absolute) {
        this.alternatives = alternatives;
        this.nameOnly = nameOnly;
        this.absolute = absolute;
    }

    /** @throws IllegalArgumentException when the braces stand for more than 100 patterns */
    static Glob of(String pattern) {
        boolean absolute = pattern.startsWith("/");
        var expanded = new ArrayList<String>();
        expand("", absolute ? pattern.substring(1) : pattern, expanded);
        return new Glob(
                expanded.stream().map(it -> Arrays.asList(it.split("/"))).toList(), pattern.indexOf('/') < 0, absolute);
    }

    /**
     * @param relative the path below the configured one, without a slash at the start
     * @param whole the same path from the root of the server
     */
    boolean matches(String relative, String whole) {
        String[] steps =
                nameOnly ? new String[] {relative.substring(relative.lastIndexOf('/') + 1)} : relative.split("/");
        return matches(steps) || (absolute && matches(whole.substring(1).split("/")));
    }

    private boolean matches(String[] steps) {
        return alternatives.stream().anyMatch(pattern -> matches(pattern, steps));
    }

    /** The first {@code {a,b}} is written out, until none is left. */
    private static void expand(String done, String rest, List<String> expanded) {
        int open = unescaped(rest, 0, '{');
        int close = open < 0 ? -1 : closing(rest, open);
        if (close < 0) {
            expanded.add(done + rest);
            if (expanded.size() > MAX_ALTERNATIVES) {
                throw new IllegalArgumentException(
                        "a pattern stands for more than " + MAX_ALTERNATIVES + " patterns: write fewer {a,b}");
            }
            return;
        }
        for (String choice : choices(rest.substring(open + 1, close))) {
            expand(done + rest.substring(0, open), choice + rest.substring(close + 1), expanded);
        }
    }

    private static int unescaped(String text, int from, char wanted) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int closing(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '{' -> depth++;
                case '}' -> {
                    if (--depth == 0) {
                        return i;
                    }
                }
                default -> {}
            }
        }
        return -1;
    }

    private static List<String> choices(String inside) {
        var choices = new ArrayList<String>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < inside.length(); i++) {
            switch (inside.charAt(i)) {
                case '\\' -> i++;
                case '{' -> depth++;
                case '}' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        choices.add(inside.substring(start, i));
                        start = i + 1;
                    }
                }
                default -> {}
            }
        }
        choices.add(inside.substring(start));
        return choices;
    }

    /** Step by step; after a mismatch, the last {@code **} takes one directory more. */
    private static boolean matches(List<String> pattern, String[] steps) {
        int p = 0;
        int s = 0;
        int afterStar = -1;
        int startOfStar = 0;
        while (s < steps.length) {
            if (p < pattern.size() && pattern.get(p).equals("**")) {
                afterStar = ++p;
                startOfStar = s;
                if (p == pattern.size()) {
                    return true;
                }
            } else if (p < pattern.size() && matchesName(pattern.get(p), steps[s])) {
                p++;
                s++;
            } else if (afterStar >= 0) {
                p = afterStar;
                s = ++startOfStar;
            } else {
                return false;
            }
        }
        while (p < pattern.size() && pattern.get(p).equals("**")) {
            p++;
        }
        return p == pattern.size();
    }

    /** The same for the characters of a name and {@code *}. */
    private static boolean matchesName(String pattern, String name) {
        int p = 0;
        int n = 0;
        int afterStar = -1;
        int startOfStar = 0;
        while (n < name.length()) {
            int next = p < pattern.length() ? afterOne(pattern, p, name.charAt(n)) : -1;
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                afterStar = ++p;
                startOfStar = n;
            } else if (next >= 0) {
                p = next;
                n++;
            } else if (afterStar >= 0) {
                p = afterStar;
                n = ++startOfStar;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /** Where the pattern goes on when what stands at {@code p} takes this character; -1 when it does not. */
    private static int afterOne(String pattern, int p, char character) {
        switch (pattern.charAt(p)) {
            case '?':
                return p + 1;
            case '[':
                int end = pattern.indexOf(']', p + 2);
                if (end > 0) {
                    return inSet(pattern.substring(p + 1, end), character) ? end + 1 : -1;
                }
                return character == '[' ? p + 1 : -1;
            case '\\':
                if (p + 1 < pattern.length()) {
                    return pattern.charAt(p + 1) == character ? p + 2 : -1;
                }
                return character == '\\' ? p + 1 : -1;
            default:
                return pattern.charAt(p) == character ? p + 1 : -1;
        }
    }

    private static boolean inSet(String set, char character) {
        boolean negated = set.startsWith("!") || set.startsWith("^");
        boolean found = false;
        for (int i = negated ? 1 : 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                found |= set.charAt(i) <= character && character <= set.charAt(i + 2);
                i += 2;
            } else {
                found |= set.charAt(i) == character;
            }
        }
        return found != negated;
    }
}
