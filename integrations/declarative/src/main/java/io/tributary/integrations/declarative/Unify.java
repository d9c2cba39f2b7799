package io.tributary.integrations.declarative;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Unified;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a record is in the words that all platforms share. All expressions are applied to the record. */
sealed interface Unify {

    /** A post, a comment, a message or a person. */
    record Activity(
            Output.Kind kind,
            @Nullable Expression authorId,
            @Nullable Expression author,
            @Nullable Expression text,
            @Nullable Expression parent,
            @Nullable Expression thread,
            @Nullable Expression permalink,
            @Nullable Expression createdAt,
            Map<String, Expression> counts)
            implements Unify {

        Unified.Activity of(@Nullable Object item, Scope scope) throws ExpressionFailure {
            try {
                return new Unified.Activity(
                        textOf(authorId, item, scope),
                        textOf(author, item, scope),
                        textOf(text, item, scope),
                        textOf(parent, item, scope),
                        textOf(thread, item, scope),
                        textOf(permalink, item, scope),
                        createdAt == null ? null : OutputMapping.time(createdAt, item, scope),
                        counts(item, scope));
            } catch (IllegalArgumentException e) {
                throw new ExpressionFailure("A record cannot be unified: " + e.getMessage() + ".");
            }
        }

        private Map<String, Long> counts(@Nullable Object item, Scope scope) throws ExpressionFailure {
            var values = new LinkedHashMap<String, Long>();
            for (var count : counts.entrySet()) {
                Object value = count.getValue().of(item, scope);
                if (value != null) {
                    values.put(count.getKey(), whole(number(value, count.getValue()), count.getValue()));
                }
            }
            return values;
        }

        private static long whole(BigDecimal number, Expression expression) throws ExpressionFailure {
            try {
                return number.longValueExact();
            } catch (ArithmeticException e) {
                throw expression.failed("its result is no whole number");
            }
        }
    }

    /**
     * Figures, beside the item that the record is.
     *
     * @param time of the figures; null: the time of the item
     * @param dimensions by name; what has no value is left out
     * @param values by the name of their series; what has no value is left out
     */
    record Metrics(@Nullable Expression time, Map<String, Expression> dimensions, Map<String, Expression> values)
            implements Unify {

        List<Output> of(@Nullable Object item, @Nullable Instant itsTime, Scope scope) throws ExpressionFailure {
            Instant at = time == null ? itsTime : OutputMapping.time(time, item, scope);
            if (at == null) {
                return List.of();
            }
            var of = new LinkedHashMap<String, String>();
            for (var dimension : dimensions.entrySet()) {
                String value = dimension.getValue().text(item, scope);
                if (value != null) {
                    of.put(dimension.getKey(), value);
                }
            }
            var figures = new ArrayList<Output>();
            for (var value : values.entrySet()) {
                Object figure = value.getValue().of(item, scope);
                if (figure instanceof Map<?, ?> several) {
                    addAll(figures, value.getKey(), several, value.getValue(), of, at);
                } else if (figure != null) {
                    figures.add(figure(value.getKey(), of, number(figure, value.getValue()), at));
                }
            }
            return figures;
        }

        /** The numbers of an object, and of objects in it. */
        private static void addAll(
                List<Output> figures,
                String series,
                Map<?, ?> several,
                Expression expression,
                Map<String, String> of,
                Instant at)
                throws ExpressionFailure {
            for (var part : several.entrySet()) {
                String name = series + "." + part.getKey();
                switch (part.getValue()) {
                    case Map<?, ?> more -> addAll(figures, name, more, expression, of, at);
                    case Number number -> figures.add(figure(name, of, number(number, expression), at));
                    case null, default -> {
                        // Such as the time of the numbers.
                    }
                }
            }
        }

        private static Output figure(String series, Map<String, String> of, BigDecimal value, Instant at)
                throws ExpressionFailure {
            try {
                return Output.metric(new Unified.Metric(series, of, value), at);
            } catch (IllegalArgumentException e) {
                throw new ExpressionFailure("A record cannot be unified: " + e.getMessage() + ".");
            }
        }
    }

    private static @Nullable String textOf(@Nullable Expression expression, @Nullable Object item, Scope scope)
            throws ExpressionFailure {
        return expression == null ? null : expression.text(item, scope);
    }

    /** Many providers write numbers as texts. */
    private static BigDecimal number(Object value, Expression expression) throws ExpressionFailure {
        try {
            return value instanceof Boolean ? BigDecimal.valueOf((Boolean) value ? 1 : 0) : decimal(value);
        } catch (NumberFormatException e) {
            throw expression.failed("its result is no number");
        }
    }

    private static BigDecimal decimal(Object value) {
        String text = value.toString().strip();
        if (text.length() > 100) {
            throw new NumberFormatException("too long");
        }
        return new BigDecimal(text);
    }
}
