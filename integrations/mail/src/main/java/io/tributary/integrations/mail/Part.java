package io.tributary.integrations.mail;

import java.util.Optional;

/**
 * A message, or a part of one (RFC 2045): what its header says about its body.
 *
 * @param body as it stands, still encoded for transfer
 */
record Part(Headers headers, ByteSlice body, Parameters type, Parameters disposition, String transferEncoding) {

    /** @param defaultType what it is when it does not say: text/plain, or message/rfc822 within multipart/digest */
    static Part read(ByteSlice entity, String defaultType, Problems problems) {
        Headers headers = Headers.read(entity, problems);
        return new Part(
                headers,
                entity.slice(headers.bodyStart(), entity.length()),
                type(headers.first("Content-Type").orElse(defaultType), problems),
                Parameters.parse(headers.first("Content-Disposition").orElse(""), problems),
                headers.first("Content-Transfer-Encoding").orElse(""));
    }

    boolean isMultipart() {
        return type.value().startsWith("multipart/");
    }

    /** Whether it is text to read in the message rather than a file that comes with it. */
    boolean isText() {
        boolean readable = type.value().equals("text/plain") || type.value().equals("text/html");
        return readable
                && !disposition.value().equals("attachment")
                && fileName().isEmpty();
    }

    Optional<String> fileName() {
        return disposition
                .parameter("filename")
                .or(() -> type.parameter("name"))
                .map(name -> Bounds.cut(name.strip(), Bounds.VALUE_CHARS))
                .filter(name -> !name.isEmpty());
    }

    Optional<String> charset() {
        return type.parameter("charset");
    }

    ByteSlice decodedBody(Problems problems) {
        return TransferEncoding.decode(body, transferEncoding, problems);
    }

    /** Content with a malformed type is plain text (RFC 2045, section 5.2). */
    private static Parameters type(String field, Problems problems) {
        Parameters type = Parameters.parse(field, problems);
        if (type.value().matches("[^/\\s]{1,127}/[^/\\s]{1,127}")) {
            return type;
        }
        problems.add("no content type", field);
        return new Parameters("text/plain", type.parameters());
    }
}
