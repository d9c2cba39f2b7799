package io.tributary.integrations.declarative;

import io.tributary.expressions.BoundedJsonata;
import io.tributary.expressions.EvaluationException;
import io.tributary.expressions.SyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * An expression of a file, compiled: see {@link BoundedJsonata}. Safe to use from several threads.
 *
 * @param where it stands, for a person
 */
record Expression(BoundedJsonata compiled, String where) {

    /** Compiles an expression, which may use the variables of {@link Scope#NAMES}. */
    static Expression compile(String text, String where) throws SyntaxException {
        return new Expression(BoundedJsonata.compile(text, Scope.NAMES), where);
    }

    /** Applies it to a value. Null when the result is null or undefined. */
    @Nullable
    Object of(@Nullable Object input, Scope scope) throws ExpressionFailure {
        try {
            return compiled.of(input, scope::bindTo);
        } catch (EvaluationException e) {
            throw failed(e.reason());
        }
    }

    /** Whether the result is something: true, a number other than 0, a text, list or object that is not empty. */
    boolean holds(@Nullable Object input, Scope scope) throws ExpressionFailure {
        return BoundedJsonata.holds(of(input, scope));
    }

    /** The result as a text: null stays null, numbers have no exponent, lists and objects become JSON. */
    @Nullable
    String text(@Nullable Object input, Scope scope) throws ExpressionFailure {
        Object value = of(input, scope);
        return value == null ? null : Values.text(value);
    }

    ExpressionFailure failed(String why) {
        return new ExpressionFailure("The expression of " + where + " failed: " + why + ".");
    }

    @Override
    public String toString() {
        return where;
    }
}
