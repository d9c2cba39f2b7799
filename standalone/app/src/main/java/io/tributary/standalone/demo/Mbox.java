package io.tributary.standalone.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads a mailbox in the mbox format ({@code mboxrd}): a line {@code From ...} starts a message, a blank line ends it,
 * and a line within it that begins with {@code From} bears one more {@code >}. No charset is assumed: bytes stay as
 * they are.
 */
final class Mbox {

    private static final Pattern START = Pattern.compile("^From .*\n", Pattern.MULTILINE);
    private static final Pattern QUOTED = Pattern.compile("^>(>*From )", Pattern.MULTILINE);

    private Mbox() {}

    /** The messages as a mail server sends them, that is with CRLF at each line's end. */
    static List<byte[]> messages(byte[] mbox) {
        // Latin-1 has a character for each byte, so this is a string of bytes.
        return START.splitAsStream(new String(mbox, ISO_8859_1))
                .filter(message -> !message.isEmpty())
                .map(Mbox::asSent)
                .toList();
    }

    private static byte[] asSent(String message) {
        String own = message.substring(0, message.length() - 1); // without the blank line that ends it
        return QUOTED.matcher(own).replaceAll("$1").replace("\n", "\r\n").getBytes(ISO_8859_1);
    }
}
