package io.tributary.integrations.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns the bytes of a body into text. Malformed bytes become U+FFFD: one bad character must not cost the rest. */
final class BodyText {

    private static final Pattern CHARSET =
            Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";,\\s]{1,64})", Pattern.CASE_INSENSITIVE);
    private static final Pattern MEDIA_TYPE = Pattern.compile("[a-zA-Z0-9!#$&^_.+-]{1,64}/[a-zA-Z0-9!#$&^_.+-]{1,64}");
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private BodyText() {}

    /** In the charset that a byte order mark shows, the content type names, or else UTF-8. */
    static String of(byte[] body, Optional<String> contentType) {
        Charset marked = marked(body);
        return decode(body, marked != null ? marked : named(contentType).orElse(StandardCharsets.UTF_8));
    }

    /** JSON is UTF-8 (RFC 8259, section 8.1); what the content type says counts only where that is plainly not so. */
    static String ofJson(byte[] body, Optional<String> contentType) {
        Charset marked = marked(body);
        if (marked != null) {
            return decode(body, marked);
        }
        String text = strictUtf8(body);
        // UTF-16 is well-formed UTF-8 as long as it has ASCII only; its zeros give it away.
        if (text != null && text.substring(0, Math.min(4, text.length())).indexOf('\0') < 0) {
            return text;
        }
        return decode(body, named(contentType).orElse(StandardCharsets.UTF_8));
    }

    /** The media type if it is one, for messages. */
    static String mediaType(String contentType) {
        Matcher type = MEDIA_TYPE.matcher(contentType.strip());
        return type.lookingAt() ? type.group() : "unknown";
    }

    private static @Nullable String strictUtf8(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String decode(byte[] body, Charset charset) {
        String text = new String(body, charset);
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    private static @Nullable Charset marked(byte[] body) {
        if (starts(body, 0xef, 0xbb, 0xbf)) {
            return StandardCharsets.UTF_8;
        }
        if (starts(body, 0xfe, 0xff)) {
            return StandardCharsets.UTF_16BE;
        }
        return starts(body, 0xff, 0xfe) ? StandardCharsets.UTF_16LE : null;
    }

    private static boolean starts(byte[] body, int... mark) {
        if (body.length < mark.length) {
            return false;
        }
        for (int i = 0; i < mark.length; i++) {
            if ((body[i] & 0xff) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Charset> named(Optional<String> contentType) {
        Matcher charset = CHARSET.matcher(contentType.orElse(""));
        if (!charset.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Charset.forName(charset.group(1)));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }
}
