package io.tributary.expressions;

/** An expression cannot be compiled. */
public final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1;

    private final int character;

    /** The exception for a place.
     *
     * @param character where in the text, from 0
     */
    public SyntaxException(int character, String message) {
        super(message);
        this.character = character;
    }

    /** The place in the text, from 0. */
    public int character() {
        return character;
    }

    /** The reason, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
