package io.tributary.expressions;

import com.dashjoin.jsonata.JException;
import com.dashjoin.jsonata.Jsonata;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An expression in JSONata, compiled. Safe to use from several threads.
 *
 * <p>A value cannot keep it busy: it ends after {@value #MOST_MILLIS} ms and at a depth of {@value #DEEPEST} calls; and
 * what these bounds do not reach, regular expressions and {@code $eval}, is refused when it is compiled. The time is
 * looked at between two steps; one step, such as sorting a list, ends by itself.
 */
public final class BoundedJsonata {

    public static final long MOST_MILLIS = 2_000;
    public static final int DEEPEST = 100;

    private final Jsonata compiled;

    private BoundedJsonata(Jsonata compiled) {
        this.compiled = compiled;
    }

    /**
     * Compiles an expression.
     *
     * @param variables names without {@code $} that it may use, apart from those that it defines
     * @throws SyntaxException it is wrong, or not allowed
     */
    public static BoundedJsonata compile(String text, Set<String> variables) throws SyntaxException {
        try {
            Jsonata compiled = Jsonata.jsonata(text);
            compiled.setValidateInput(false); // It is JSON that was parsed.
            new CheckExpression(text, variables).check();
            return new BoundedJsonata(compiled);
        } catch (JException e) {
            throw new SyntaxException(
                    Math.clamp(e.getLocation() - 1L, 0, text.length()), "the expression is wrong: " + e.getMessage());
        } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException | ClassCastException e) {
            // The library's parser has no error of its own for some texts.
            throw new SyntaxException(0, "the expression is wrong: it cannot be parsed");
        }
    }

    /** Applies it to a value, without variables; null: the result is null or undefined. */
    public @Nullable Object of(@Nullable Object input) throws EvaluationException {
        return of(input, _ -> {});
    }

    /**
     * Applies it to a value. Null when the result is null or undefined.
     *
     * @param bind binds the variables
     * @throws EvaluationException it failed, or took too long, or its result is no value of JSON
     */
    public @Nullable Object of(@Nullable Object input, Consumer<Jsonata.Frame> bind) throws EvaluationException {
        Jsonata.Frame frame = compiled.createFrame();
        bind.accept(frame);
        frame.bind("eval", (Object) null);
        frame.setRuntimeBounds(MOST_MILLIS, DEEPEST);
        try {
            return json(compiled.evaluate(input, frame));
        } catch (JException e) {
            // Its message quotes values; what it calls the error does not, or is a text of the library.
            throw new EvaluationException(String.valueOf(e.getError()));
        } catch (StackOverflowError e) {
            throw new EvaluationException("the value is nested too deep");
        } catch (RuntimeException e) {
            throw new EvaluationException(e.getClass().getSimpleName());
        }
    }

    /** Whether a result is something: true, a number other than 0, a text, list or object that is not empty. */
    public static boolean holds(@Nullable Object result) {
        return switch (result) {
            case null -> false;
            case Boolean bool -> bool;
            case Number number -> number.doubleValue() != 0;
            case String text -> !text.isEmpty();
            case List<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    /** Functions and regular expressions are values for the library, but not for JSON. */
    private static @Nullable Object json(@Nullable Object result) throws EvaluationException {
        return switch (result) {
            case null -> null;
            case String text -> text;
            case Number number -> number;
            case Boolean bool -> bool;
            case List<?> list -> list;
            case Map<?, ?> map -> map;
            default -> throw new EvaluationException("its result is no value of JSON");
        };
    }
}
