package io.tributary.scheduler.templates;

import io.tributary.scheduler.templates.TemplateEngine.Unusable;

/** Refuses tags with long paths such as {@code {{a.b.c}}}: the library reads them in exponential time. */
final class PathLengths {

    /** Most parts of a path. */
    static final int MAX_PARTS = 16;

    private static final String SEPARATORS = "./-[";

    private PathLengths() {}

    static void check(String template) throws Unusable {
        for (int open = template.indexOf("{{"); open >= 0; ) {
            int close = template.indexOf("}}", open);
            int end = close < 0 ? template.length() : close;
            if (template.startsWith("{{=", open)) {
                throw new Unusable("changes the delimiters");
            }
            if (!isComment(template, open)) {
                checkTag(template, open, end);
            }
            open = template.indexOf("{{", end);
        }
    }

    private static boolean isComment(String template, int open) {
        boolean escaped = open > 0 && template.charAt(open - 1) == '\\';
        return !escaped && template.startsWith("{{!", open);
    }

    private static void checkTag(String template, int open, int end) throws Unusable {
        int parts = 1;
        for (int i = open; i < end; i++) {
            char c = template.charAt(i);
            if (Character.isWhitespace(c)) {
                parts = 1;
            } else if (SEPARATORS.indexOf(c) >= 0 && ++parts > MAX_PARTS) {
                throw new Unusable("has a path of more than " + MAX_PARTS + " parts");
            }
        }
    }
}
