package io.tributary.expressions;

/** An expression failed for a value. Its message quotes no value. */
public final class EvaluationException extends Exception {

    private static final long serialVersionUID = 1;

    EvaluationException(String reason) {
        super(reason, null, false, false);
    }

    /** The reason, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
