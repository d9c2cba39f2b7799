package io.tributary.integrations.declarative;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An expression in JSONata, compiled. Safe to use from several threads.
 *
 * <p>An answer cannot keep it busy: it ends after {@value #MOST_MILLIS} ms and at a depth of {@value #DEEPEST} calls;
 * and what these bounds do not reach, regular expressions and {@code $eval}, is refused when the file is read (see
 * {@link CheckExpression}). The time is looked at between two steps; one step, such as sorting a list, ends by itself.
 */
record Expression(Jsonata compiled, String where) {

    static final long MOST_MILLIS = 2_000;
    static final int DEEPEST = 100;

    /** It cannot be compiled. */
    static final class SyntaxException extends Exception {
        private static final long serialVersionUID = 1;
        private final int character;

        /** @param character where in the text, from 0 */
        SyntaxException(int character, String message) {
            super(message);
            this.character = character;
        }

        int character() {
            return character;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Compiles an expression.
     *
     * @param where it stands, for a person
     */
    static Expression compile(String text, String where) throws SyntaxException {
        try {
            Jsonata compiled = Jsonata.jsonata(text);
            compiled.setValidateInput(false); // It is JSON that was parsed.
            new CheckExpression(text).check();
            return new Expression(compiled, where);
        } catch (JException e) {
            throw new SyntaxException(
                    Math.clamp(e.getLocation() - 1L, 0, text.length()), "the expression is wrong: " + e.getMessage());
        } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            // The library's parser has no error of its own for some texts.
            throw new SyntaxException(0, "the expression is wrong: it cannot be parsed");
        }
    }

    /** Applies it to a value. Null when the result is null or undefined. */
    @Nullable
    Object of(@Nullable Object input, Scope scope) throws ExpressionFailure {
        Jsonata.Frame frame = compiled.createFrame();
        scope.bindTo(frame);
        frame.bind("eval", (Object) null);
        frame.setRuntimeBounds(MOST_MILLIS, DEEPEST);
        try {
            return json(compiled.evaluate(input, frame));
        } catch (JException e) {
            // Its message quotes values; what it calls the error does not, or is a text of the library.
            throw failed(String.valueOf(e.getError()));
        } catch (StackOverflowError e) {
            throw failed("the value is nested too deep");
        } catch (RuntimeException e) {
            throw failed(e.getClass().getSimpleName());
        }
    }

    /** Whether the result is something: true, a number other than 0, a text, list or object that is not empty. */
    boolean holds(@Nullable Object input, Scope scope) throws ExpressionFailure {
        return switch (of(input, scope)) {
            case null -> false;
            case Boolean bool -> bool;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
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

    /** Functions and regular expressions are values for the library, but not for JSON. */
    private @Nullable Object json(@Nullable Object result) throws ExpressionFailure {
        return switch (result) {
            case null -> null;
            case String text -> text;
            case Number number -> number;
            case Boolean bool -> bool;
            case List<?> list -> list;
            case Map<?, ?> map -> map;
            default -> throw failed("its result is no value of JSON");
        };
    }

    @Override
    public String toString() {
        return where;
    }
}
