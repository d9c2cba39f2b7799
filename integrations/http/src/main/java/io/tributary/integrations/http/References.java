package io.tributary.integrations.http;

import java.net.URI;
import java.nio.charset.Charset;
import java.util.HexFormat;
import org.apache.hc.client5.http.utils.URIUtils;

/** URI references of servers: sometimes relative, and not always well-formed. */
final class References {

    private static final String LEGAL_MARKS = "-._~:/?#[]@!$&'()*+,;=%";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private References() {}

    /**
     * The target of a reference (RFC 3986, section 5). Characters that a URI cannot have are encoded.
     *
     * @param charset to encode them in: ISO-8859-1 for a header, whose characters are its bytes
     * @throws IllegalArgumentException when it is no URI even so
     */
    static URI resolve(URI base, String reference, Charset charset) {
        URI target = URIUtils.resolve(base, encoded(reference.strip(), charset));
        String path = target.getRawPath();
        if (path == null || !path.startsWith("/../")) {
            return target;
        }
        // Above the root there is nothing: RFC 3986, section 5.2.4, leaves these out.
        String text = target.toString();
        int at = text.indexOf(path, target.getScheme().length() + 3);
        return URI.create(
                text.substring(0, at) + path.replaceFirst("^(/\\.\\.)+(?=/)", "") + text.substring(at + path.length()));
    }

    private static String encoded(String reference, Charset charset) {
        var text = new StringBuilder(reference.length());
        for (byte b : reference.getBytes(charset)) {
            char c = (char) (b & 0xff);
            boolean legal =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || LEGAL_MARKS.indexOf(c) >= 0;
            if (legal) {
                text.append(c);
            } else {
                text.append('%').append(HEX.toHexDigits(b));
            }
        }
        return text.toString();
    }
}
