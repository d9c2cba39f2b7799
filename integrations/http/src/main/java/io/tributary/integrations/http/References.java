package io.tributary.integrations.http;

import java.net.URI;
import java.util.HexFormat;
import org.apache.hc.client5.http.utils.URIUtils;

/** URI references as servers send them in headers: relative at times, and not always well-formed. */
final class References {

    private static final String LEGAL_MARKS = "-._~:/?#[]@!$&'()*+,;=%";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private References() {}

    /**
     * The target of a reference (RFC 3986, section 5). Characters that a URI cannot have are encoded: a header's
     * characters are its bytes.
     *
     * @throws IllegalArgumentException when it is no URI even so
     */
    static URI resolve(URI base, String reference) {
        return URIUtils.resolve(base, encoded(reference.strip()));
    }

    private static String encoded(String reference) {
        var text = new StringBuilder(reference.length());
        for (int i = 0; i < reference.length(); i++) {
            char c = reference.charAt(i);
            boolean legal =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || LEGAL_MARKS.indexOf(c) >= 0;
            if (legal) {
                text.append(c);
            } else {
                text.append('%').append(HEX.toHexDigits((byte) c));
            }
        }
        return text.toString();
    }
}
