package io.tributary.integrations.imap;

import io.tributary.integrations.api.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which folder of which server, and how to reach it safely; see {@code config.schema.json}.
 *
 * @param folder as the server names it; INBOX, which any case means (RFC 9051, section 5.1), in capitals
 * @param trustedCertificate certificates in PEM to trust in addition to those of the JVM; null: none
 */
record ImapConfig(
        String host,
        int port,
        Security security,
        String folder,
        @Nullable String trustedCertificate) {

    /** How the connection is protected. */
    enum Security {
        /** TLS from the first byte (RFC 8314). */
        TLS(993),
        /** TLS after STARTTLS (RFC 9051, section 6.2.1); a server that cannot is refused before the login. */
        STARTTLS(143),
        /** None. */
        NONE(143);

        private final int defaultPort;

        Security(int defaultPort) {
            this.defaultPort = defaultPort;
        }

        private static Security of(Optional<String> name) {
            return switch (name.orElse("tls")) {
                case "tls" -> TLS;
                case "starttls" -> STARTTLS;
                case "none" -> NONE;
                default -> throw new IllegalArgumentException("security is tls, starttls or none");
            };
        }
    }

    /**
     * Reads a config that matches the schema.
     *
     * @throws IllegalArgumentException when it does not
     */
    static ImapConfig of(JsonObject config) {
        Security security = Security.of(config.text("security"));
        String folder = config.text("folder").orElse("INBOX");
        return new ImapConfig(
                config.requireText("host"),
                Math.toIntExact(config.integer("port").orElse((long) security.defaultPort)),
                security,
                folder.equalsIgnoreCase("INBOX") ? "INBOX" : folder,
                config.text("trustedCertificate").orElse(null));
    }

    /** For messages: {@code imap.example.org:993}. */
    String server() {
        return host + ":" + port;
    }
}
