package io.tributary.edge.webhooks;

import io.tributary.schemas.WebhookDocument;
import io.tributary.schemas.WebhookDocument.Verify;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the webhooks of an integration are verified, checked once.
 *
 * @param signed the parts of the signed text, in their order
 */
record Rules(WebhookDocument document, List<Part> signed) {

    private static final Set<String> METHODS = Set.of("hmacSha256", "hmacSha1", "ed25519", "token");
    private static final Set<String> ENCODINGS = Set.of("hex", "base64");
    private static final Set<String> FORMATS = Set.of("seconds", "rfc3339");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(body|timestamp|header:[A-Za-z0-9-]+)}");

    /** A part of the signed text. */
    sealed interface Part {
        /** The body as it was received. */
        record Body() implements Part {}

        /** The time of the request as it was received. */
        record Time() implements Part {}

        /** The value of a header. */
        record Header(String name) implements Part {}

        /** This text. */
        record Text(String text) implements Part {}
    }

    Verify verify() {
        return document.verify();
    }

    /** @throws IllegalArgumentException the rules use a feature that this edge does not know */
    static Rules of(WebhookDocument document) {
        Verify verify = document.verify();
        require(METHODS, verify.method());
        require(ENCODINGS, verify.encoding());
        if (verify.timestamp() != null) {
            require(FORMATS, verify.timestamp().format());
        }
        List<Part> signed = parts(verify.signed());
        boolean token = verify.method().equals("token");
        if (!token && !signed.contains(new Part.Body())) {
            throw new IllegalArgumentException("the signature does not cover the body");
        }
        if (!token && (verify.timestamp() != null) != signed.contains(new Part.Time())) {
            throw new IllegalArgumentException("the timestamp must be sent and covered by the signature");
        }
        return new Rules(document, signed);
    }

    private static void require(Set<String> known, String value) {
        if (!known.contains(value)) {
            throw new IllegalArgumentException("'" + value + "' must be one of " + known);
        }
    }

    private static List<Part> parts(String template) {
        var parts = new ArrayList<Part>();
        int end = 0;
        for (Matcher found = PLACEHOLDER.matcher(template); found.find(); end = found.end()) {
            if (found.start() > end) {
                parts.add(new Part.Text(template.substring(end, found.start())));
            }
            String name = found.group(1);
            parts.add(
                    switch (name) {
                        case "body" -> new Part.Body();
                        case "timestamp" -> new Part.Time();
                        default -> new Part.Header(name.substring("header:".length()));
                    });
        }
        if (end < template.length()) {
            parts.add(new Part.Text(template.substring(end)));
        }
        return List.copyOf(parts);
    }
}
