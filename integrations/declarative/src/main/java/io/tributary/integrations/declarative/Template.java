package io.tributary.integrations.declarative;

import io.tributary.expressions.SyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value with expressions in its texts, each between <code>${</code> and <code>}</code>. They are applied to an
 * object of the scope's variables. A text that is one expression becomes its result, of whatever type; in any other
 * text the result is inserted.
 */
sealed interface Template {

    /** The value with the results in it. */
    @Nullable
    Object of(Scope scope) throws ExpressionFailure;

    /** As it stands. */
    record Constant(@Nullable Object value) implements Template {
        @Override
        public @Nullable Object of(Scope scope) {
            return value;
        }
    }

    /** One expression. */
    record Whole(Expression expression) implements Template {
        @Override
        public @Nullable Object of(Scope scope) throws ExpressionFailure {
            return expression.of(scope.variables(), scope);
        }
    }

    /**
     * A text with expressions in it.
     *
     * @param parts each a {@link String} or an {@link Expression}
     */
    record Mixed(List<Object> parts) implements Template {
        @Override
        public String of(Scope scope) throws ExpressionFailure {
            return of(scope, UnaryOperator.identity());
        }

        String of(Scope scope, UnaryOperator<String> encode) throws ExpressionFailure {
            var text = new StringBuilder();
            for (Object part : parts) {
                text.append(part instanceof Expression expression ? encode.apply(inserted(expression, scope)) : part);
            }
            return text.toString();
        }

        private static String inserted(Expression expression, Scope scope) throws ExpressionFailure {
            String value = expression.text(scope.variables(), scope);
            if (value == null || value.isEmpty()) {
                throw expression.failed("it has no value here, and a text needs one");
            }
            return value;
        }
    }

    /** A list of templates. */
    record Items(List<Template> items) implements Template {
        @Override
        public List<@Nullable Object> of(Scope scope) throws ExpressionFailure {
            var values = new ArrayList<@Nullable Object>();
            for (Template item : items) {
                values.add(item.of(scope));
            }
            return values;
        }
    }

    /** An object of templates. What has no value is left out. */
    record Fields(Map<String, Template> fields) implements Template {
        static final Fields NONE = new Fields(Map.of());

        @Override
        public Map<String, @Nullable Object> of(Scope scope) throws ExpressionFailure {
            var values = new LinkedHashMap<String, @Nullable Object>();
            for (var field : fields.entrySet()) {
                Object value = field.getValue().of(scope);
                if (value != null || field.getValue() instanceof Constant) {
                    values.put(field.getKey(), value);
                }
            }
            return values;
        }
    }

    /** Compiles a text; one that is an expression as a whole becomes {@link Whole}. */
    static Template compile(String text, String where) throws SyntaxException {
        Mixed mixed = compileMixed(text, where);
        if (mixed.parts().size() == 1 && mixed.parts().getFirst() instanceof Expression expression) {
            return new Whole(expression);
        }
        return mixed.parts().stream().allMatch(String.class::isInstance) ? new Constant(text) : mixed;
    }

    /** Compiles a text that stays one, such as a path. */
    static Mixed compileMixed(String text, String where) throws SyntaxException {
        var parts = new ArrayList<Object>();
        int at = 0;
        for (int begin = text.indexOf("${"); begin >= 0; begin = text.indexOf("${", at)) {
            int end = end(text, begin + 2);
            if (begin > at) {
                parts.add(text.substring(at, begin));
            }
            parts.add(expression(text, begin + 2, end, where));
            at = end + 1;
        }
        if (at < text.length()) {
            parts.add(text.substring(at));
        }
        return new Mixed(List.copyOf(parts));
    }

    private static Expression expression(String text, int from, int end, String where) throws SyntaxException {
        try {
            return Expression.compile(text.substring(from, end), where);
        } catch (SyntaxException e) {
            throw new SyntaxException(from + e.character(), e.reason());
        }
    }

    /** Where the brace is that ends an expression: it may have braces and texts of its own. */
    private static int end(String text, int from) throws SyntaxException {
        int depth = 0;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                i += c == '\\' ? 1 : 0;
                quote = c == quote ? 0 : quote;
            } else if ("'\"`".indexOf(c) >= 0) {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && depth-- == 0) {
                return i;
            }
        }
        throw new SyntaxException(from - 2, "the expression has no end: close it with }");
    }
}
