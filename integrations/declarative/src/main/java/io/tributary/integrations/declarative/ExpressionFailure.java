package io.tributary.integrations.declarative;

/** An expression had no result. Its message says which one and why, and quotes nothing of what it was applied to. */
final class ExpressionFailure extends Exception {

    private static final long serialVersionUID = 1;

    ExpressionFailure(String message) {
        super(message);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
