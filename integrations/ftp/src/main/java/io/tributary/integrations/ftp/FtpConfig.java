package io.tributary.integrations.ftp;

import io.tributary.integrations.api.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which files of which server, and how to reach it safely; see {@code config.schema.json}.
 *
 * @param knownHosts lines of an OpenSSH known_hosts file; null: no host key is known
 * @param trustedCertificate certificates in PEM to trust in addition to those of the JVM; null: none
 */
record FtpConfig(
        Protocol protocol,
        String host,
        int port,
        RemotePath path,
        FileFilter filter,
        @Nullable String knownHosts,
        @Nullable String trustedCertificate) {

    /** Where FTP is encrypted from the first byte, without AUTH TLS. */
    static final int IMPLICIT_TLS_PORT = 990;

    enum Protocol {
        /** RFC 959, not encrypted. */
        FTP(21),
        /** FTP over TLS (RFC 4217), from the start on port 990 and by AUTH TLS on every other. */
        FTPS(21),
        /** The file transfer protocol of SSH (draft-ietf-secsh-filexfer-02). */
        SFTP(22);

        private final int defaultPort;

        Protocol(int defaultPort) {
            this.defaultPort = defaultPort;
        }

        private static Protocol of(String name) {
            return switch (name) {
                case "ftp" -> FTP;
                case "ftps" -> FTPS;
                case "sftp" -> SFTP;
                default -> throw new IllegalArgumentException("protocol is ftp, ftps or sftp");
            };
        }
    }

    /**
     * Reads a config that matches the schema.
     *
     * @throws IllegalArgumentException when it does not
     */
    static FtpConfig of(JsonObject config) {
        Protocol protocol = Protocol.of(config.requireText("protocol"));
        return new FtpConfig(
                protocol,
                config.requireText("host"),
                Math.toIntExact(config.integer("port").orElse((long) protocol.defaultPort)),
                RemotePath.of(config.text("path").orElse("/")),
                new FileFilter(patterns(config, "include"), patterns(config, "exclude")),
                config.text("knownHosts").orElse(null),
                config.text("trustedCertificate").orElse(null));
    }

    /** One pattern, or a list of them. */
    private static List<Glob> patterns(JsonObject config, String key) {
        List<?> patterns = config.values().get(key) instanceof String one ? List.of(one) : config.list(key);
        return patterns.stream()
                .map(pattern -> Glob.of(String.valueOf(pattern)))
                .toList();
    }

    boolean isImplicitTls() {
        return protocol == Protocol.FTPS && port == IMPLICIT_TLS_PORT;
    }

    /** For messages: {@code files.example.org:21}. */
    String server() {
        return host + ":" + port;
    }
}
