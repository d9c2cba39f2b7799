package io.tributary.expressions;

import com.dashjoin.jsonata.Jsonata;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in an expression what would fail only when it is evaluated, or what must not be in it: variables and functions
 * that nobody defines, {@code $eval}, and regular expressions, by which an answer could keep a worker busy for years
 * without coming by any check of the time.
 */
final class CheckExpression {

    private static final Pattern VARIABLE = Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern DEFINITION =
            Pattern.compile("\\$([A-Za-z_][A-Za-z0-9_]*)\\s*:=|[@#]\\s*\\$([A-Za-z_][A-Za-z0-9_]*)");
    private static final Pattern PARAMETERS = Pattern.compile("(?:function|\u03bb)\\s*\\(([^)]*)\\)");
    /**
     * A slash after one of these divides; after all else, and after a word that is an operator, a regular expression
     * begins.
     */
    private static final Pattern OPERAND =
            Pattern.compile("(?:(?<![A-Za-z0-9_$])(?!(?:and|or|in)\\s*$)[A-Za-z0-9_$]+|[)\\]}'])\\s*$");

    private final String bare;
    private final Set<String> variables;

    CheckExpression(String text, Set<String> variables) {
        this.bare = withoutTexts(text);
        this.variables = variables;
    }

    void check() throws SyntaxException {
        refuseRegularExpressions();
        Set<String> defined = definitions();
        for (Matcher variable = VARIABLE.matcher(bare); variable.find(); ) {
            String name = variable.group(1);
            if (name.equals("eval")) {
                throw new SyntaxException(
                        variable.start(), "$eval is not supported: it would run what a provider sends");
            }
            if (!defined.contains(name) && !variables.contains(name) && !isFunction(name)) {
                throw new SyntaxException(
                        variable.start(),
                        "there is no variable or function $" + name + "; variables are "
                                + variables.stream().sorted().map("$"::concat).toList());
            }
        }
    }

    private void refuseRegularExpressions() throws SyntaxException {
        for (int slash = bare.indexOf('/'); slash >= 0; slash = bare.indexOf('/', slash + 1)) {
            if (!OPERAND.matcher(bare.substring(0, slash)).find()) {
                throw new SyntaxException(
                        slash,
                        "regular expressions are not supported: use $contains, $split, $substringBefore or"
                                + " $substringAfter with texts");
            }
        }
    }

    private Set<String> definitions() {
        var defined = new HashSet<String>();
        for (Matcher definition = DEFINITION.matcher(bare); definition.find(); ) {
            defined.add(definition.group(1) == null ? definition.group(2) : definition.group(1));
        }
        for (Matcher parameters = PARAMETERS.matcher(bare); parameters.find(); ) {
            for (Matcher name = VARIABLE.matcher(parameters.group(1)); name.find(); ) {
                defined.add(name.group(1));
            }
        }
        return defined;
    }

    private static boolean isFunction(String name) {
        return Boolean.TRUE.equals(Jsonata.jsonata("$exists($" + name + ")").evaluate(null));
    }

    /** The text with what is quoted or a comment blanked out, each character where it was. */
    private static String withoutTexts(String text) {
        var blanked = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int end = text.startsWith("/*", i)
                    ? endOf(text, "*/", i + 2)
                    : "'\"`".indexOf(c) >= 0 ? endOfQuoted(text, i) : -1;
            if (end > 0) {
                boolean comment = c == '/';
                for (int j = i; j <= end && j < text.length(); j++) {
                    blanked.setCharAt(j, comment ? ' ' : j == i || j == end ? '\'' : ' ');
                }
                i = end;
            }
        }
        return blanked.toString();
    }

    private static int endOf(String text, String mark, int from) {
        int at = text.indexOf(mark, from);
        return at < 0 ? text.length() : at + mark.length() - 1;
    }

    private static int endOfQuoted(String text, int from) {
        char quote = text.charAt(from);
        for (int i = from + 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i;
            }
        }
        return text.length();
    }
}
