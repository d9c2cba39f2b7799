package io.tributary.integrations.mail;

/** How much of a message is looked at. The raw source is delivered whole; these bound the metadata. */
public final class Bounds {

    /** Plain text, and HTML, kept of a message, characters each. */
    public static final int TEXT_CHARS = 100_000;

    /** Longest value of a header field that is decoded, characters; the rest is cut. */
    static final int FIELD_CHARS = 64 * 1024;

    /** Longest subject, name or other single value, characters. */
    static final int VALUE_CHARS = 1_000;

    /** Header fields read of a message or part. */
    static final int FIELDS = 1_000;

    /** Addresses kept of one header field. */
    static final int ADDRESSES = 500;

    /** Message ids kept of References. */
    static final int REFERENCES = 200;

    /** Parameters read of one header field. */
    static final int PARAMETERS = 100;

    /** Parts visited in a message. */
    static final int PARTS = 1_000;

    /** Multiparts within multiparts. */
    static final int DEPTH = 20;

    /** Attachments in the metadata. */
    static final int ATTACHMENTS = 200;

    /** Problems in the metadata. */
    static final int PROBLEMS = 50;

    private Bounds() {}

    /** The text itself, or its first characters, never half of a surrogate pair. */
    static String cut(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars);
    }
}
