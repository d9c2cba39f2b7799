package io.tributary.integrations.smtp;

import io.tributary.integrations.api.JsonObject;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which server, and how to reach it safely; see {@code config.schema.json}.
 *
 * @param from address of the sender; null: not configured
 * @param fromName name of the sender; null: none
 * @param replyTo where answers go; null: to the sender
 * @param trustedCertificate certificates in PEM to trust in addition to those of the JVM; null: none
 */
record SmtpConfig(
        String host,
        int port,
        Security security,
        @Nullable String from,
        @Nullable String fromName,
        @Nullable String replyTo,
        @Nullable String trustedCertificate) {

    /** How the connection is protected. */
    enum Security {
        /** TLS from the first byte (RFC 8314). */
        TLS(465),
        /** TLS after STARTTLS (RFC 3207); a server that cannot is refused before the login. */
        STARTTLS(587),
        /** None. */
        NONE(25);

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
    static SmtpConfig of(JsonObject config) {
        Security security = Security.of(config.text("security"));
        return new SmtpConfig(
                config.requireText("host"),
                Math.toIntExact(config.integer("port").orElse((long) security.defaultPort)),
                security,
                config.text("from").orElse(null),
                config.text("fromName").orElse(null),
                config.text("replyTo").orElse(null),
                config.text("trustedCertificate").orElse(null));
    }

    /** The address of the sender: the configured one, else the user, else {@code noreply} at the server. */
    String sender(@Nullable String username) {
        if (from != null) {
            return from;
        }
        return username != null && username.contains("@") ? username : "noreply@" + host;
    }

    /** For messages: {@code smtp.example.org:465}. */
    String server() {
        return host + ":" + port;
    }
}
