package io.tributary.integrations.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Undoes the compression of a body as it is read (RFC 9110, section 8.4.1). */
final class ContentCoding {

    /** What the client can undo. */
    static final String ACCEPTED = "gzip, deflate";

    private static final int MOST_CODINGS = 4;

    private ContentCoding() {}

    /** The body cannot be decompressed. */
    static final class UnreadableException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /**
     * @param codings the values of {@code Content-Encoding}
     * @throws UnreadableException when a coding is not known
     */
    static InputStream decoded(InputStream body, List<String> codings) throws IOException {
        var applied = new ArrayList<String>();
        for (String list : codings) {
            for (String coding : list.split(",", -1)) {
                applied.add(coding.strip().toLowerCase(Locale.ROOT));
            }
        }
        applied.removeIf(coding -> coding.isEmpty() || coding.equals("identity"));
        if (applied.isEmpty()) {
            return body;
        }
        if (applied.size() > MOST_CODINGS) {
            throw new UnreadableException();
        }
        InputStream decoded = body;
        for (String coding : applied.reversed()) {
            decoded = switch (coding) {
                case "gzip", "x-gzip" -> gunzip(decoded);
                case "deflate" -> inflate(decoded);
                default -> throw new UnreadableException();
            };
        }
        return decoded;
    }

    private static InputStream gunzip(InputStream compressed) throws IOException {
        var peeked = new PushbackInputStream(compressed, 1);
        int first = peeked.read();
        if (first < 0) {
            return peeked; // Servers name a coding for an empty body as well.
        }
        peeked.unread(first);
        return new GZIPInputStream(peeked);
    }

    /** "deflate" is zlib (RFC 1950), but some servers send it bare (RFC 1951). */
    private static InputStream inflate(InputStream compressed) throws IOException {
        var peeked = new PushbackInputStream(compressed, 2);
        byte[] start = peeked.readNBytes(2);
        if (start.length == 0) {
            return peeked;
        }
        peeked.unread(start);
        boolean zlib =
                start.length == 2 && (start[0] & 0x0f) == 8 && (((start[0] & 0xff) << 8) | (start[1] & 0xff)) % 31 == 0;
        return new InflaterInputStream(peeked, new Inflater(!zlib));
    }
}
