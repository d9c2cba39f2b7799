package io.tributary.integrations.mail;

import java.util.List;

/**
 * A message as far as it could be read.
 *
 * @param problems problems of decoding, and bounds that cut something; empty for a well-formed message
 */
public record ParsedMessage(Envelope envelope, Body body, List<String> problems) {

    /** Reads a message from its raw source. Never fails; takes time in proportion to its size and its depth. */
    public static ParsedMessage read(ByteSlice raw) {
        return read(raw, true);
    }

    /** Reads the header alone, of a message whose body is not there. */
    public static ParsedMessage readHeader(ByteSlice header) {
        return read(header, false);
    }

    private static ParsedMessage read(ByteSlice raw, boolean withBody) {
        var problems = new Problems();
        try {
            Part message = Part.read(raw, "text/plain", problems);
            return new ParsedMessage(
                    Envelope.read(message.headers(), problems),
                    withBody ? Body.read(message, problems) : Body.NONE,
                    problems.list());
        } catch (RuntimeException e) {
            // No message is known to end here. If one does, its source is worth more than a failed run.
            problems.add("unreadable", e.getClass().getName());
            return new ParsedMessage(Envelope.NONE, Body.NONE, problems.list());
        }
    }
}
