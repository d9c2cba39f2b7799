package io.tributary.integrations.ftp;

import io.tributary.integrations.api.TaskFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failure of the server or of the connection means. The codes:
 *
 * <table>
 *   <caption>failures of this integration</caption>
 *   <tr><td>{@code ftp.authFailed}</td><td>Unauthorized: username, password or key refused</td></tr>
 *   <tr><td>{@code ftp.privateKeyInvalid}</td><td>Unauthorized: the private key cannot be read</td></tr>
 *   <tr><td>{@code ftp.connectionFailed}</td><td>Transient: no connection, or lost</td></tr>
 *   <tr><td>{@code ftp.serverUnavailable}</td><td>Transient: the server says that it cannot right now</td></tr>
 *   <tr><td>{@code ftp.protocolError}</td><td>Transient: an answer that makes no sense</td></tr>
 *   <tr><td>{@code ftp.fileTruncated}</td><td>Transient: the transfer ended before the file</td></tr>
 *   <tr><td>{@code ftp.fileChanging}</td><td>Transient: the file changed while it was read</td></tr>
 *   <tr><td>{@code ftp.serverBusy}</td><td>RetryLater: too many connections, or the server is closing (421)</td></tr>
 *   <tr><td>{@code ftp.hostKeyUnknown}</td><td>Misconfigured: knownHosts has no key of the server</td></tr>
 *   <tr><td>{@code ftp.hostKeyChanged}</td><td>Misconfigured: knownHosts has another key of the server</td></tr>
 *   <tr><td>{@code ftp.knownHostsInvalid}</td><td>Misconfigured: knownHosts cannot be read</td></tr>
 *   <tr><td>{@code ftp.certificateRefused}</td><td>Misconfigured: not trusted, expired, or for another name</td></tr>
 *   <tr><td>{@code ftp.certificateInvalid}</td><td>Misconfigured: trustedCertificate is no certificate</td></tr>
 *   <tr><td>{@code ftp.tlsUnavailable}</td><td>Misconfigured: the server does not speak TLS the way the config says</td></tr>
 *   <tr><td>{@code ftp.tlsRequired}</td><td>Misconfigured: the server wants ftps</td></tr>
 *   <tr><td>{@code ftp.sshUnavailable}</td><td>Misconfigured: the server does not speak SSH, or none of its algorithms is
 *       still held to be safe</td></tr>
 *   <tr><td>{@code ftp.configInvalid}</td><td>Misconfigured: the config does not match its schema</td></tr>
 *   <tr><td>{@code ftp.pathNotFound}</td><td>Misconfigured: the configured path is not there</td></tr>
 *   <tr><td>{@code ftp.permissionDenied}</td><td>Permanent: the account may not read a file or a directory; Misconfigured
 *       when it is the configured path</td></tr>
 *   <tr><td>{@code ftp.fileTooLarge}</td><td>Permanent: over {@link FileBytes#MAX} bytes</td></tr>
 *   <tr><td>{@code ftp.directoryTooLarge}</td><td>Permanent: over {@link RemoteSession#MAX_NAMES} names</td></tr>
 *   <tr><td>{@code ftp.tooDeep}</td><td>Permanent: over {@link ListDirectory#MAX_DEPTH} directories deep</td></tr>
 *   <tr><td>{@code ftp.nameRefused}</td><td>Permanent: a name that leads out of its directory, or cannot be asked for</td></tr>
 *   <tr><td>{@code ftp.invalidTask}</td><td>Permanent: no such task type, or not its payload</td></tr>
 * </table>
 */
final class Failures {

    static final String PATH_NOT_FOUND = "ftp.pathNotFound";
    static final String PERMISSION_DENIED = "ftp.permissionDenied";
    static final String CONNECTION_FAILED = "ftp.connectionFailed";

    private static final Duration SOON = Duration.ofMinutes(1);

    private static final Pattern BUSY =
            Pattern.compile("too many|maximum (number|client|connection|login)|try (again )?later|temporar|limit|busy");
    private static final Pattern TLS_WANTED = Pattern.compile("\\b(tls|ssl|encrypt|secure|auth)");
    private static final Pattern DENIED =
            Pattern.compile("denied|not permitted|forbidden|no permission|not authori[sz]ed");
    private static final Pattern ABSENT =
            Pattern.compile("no such|not found|not exist|doesn't exist|cannot find|not a directory|no directory");

    private final FtpConfig config;

    Failures(FtpConfig config) {
        this.config = config;
    }

    /**
     * What it means that a connection could not be made or broke.
     *
     * @throws InterruptedException when that is why it broke: on a virtual thread, an interrupt closes the socket that
     *     the thread reads from or writes to
     */
    TaskFailure broken(Exception failure) throws InterruptedException {
        if (Thread.interrupted() || isInterrupt(failure)) {
            throw new InterruptedException("interrupted while talking to " + config.server());
        }
        if (isCausedBy(failure, CertificateException.class) || isCausedBy(failure, CertPathValidatorException.class)) {
            return new TaskFailure.Misconfigured(
                    "ftp.certificateRefused",
                    "The certificate of " + config.server() + " is not accepted: " + rootText(failure)
                            + ". Check that host is the name it is for; if the server has a certificate of its own or of"
                            + " a private authority, put that in PEM into trustedCertificate.",
                    failure);
        }
        if (isCausedBy(failure, SSLException.class) && !isConnectionLost(failure)) {
            return tlsUnavailable("does not speak TLS there: " + rootText(failure));
        }
        if (isCausedBy(failure, SocketTimeoutException.class)) {
            return connectionFailed("does not answer. Check host, port and protocol", failure);
        }
        if (isCausedBy(failure, IOException.class)) {
            return connectionFailed("cannot be reached: " + rootText(failure), failure);
        }
        return protocolError(rootText(failure), failure);
    }

    TaskFailure connectionFailed(String what, @Nullable Exception cause) {
        return new TaskFailure.Transient(CONNECTION_FAILED, config.server() + " " + what + ".", cause);
    }

    TaskFailure protocolError(String what, @Nullable Exception cause) {
        return new TaskFailure.Transient(
                "ftp.protocolError",
                config.server() + " gave an answer that makes no sense: " + printable(what) + ".",
                cause);
    }

    TaskFailure noAddress() {
        return connectionFailed("has no address", null);
    }

    /** What it means that a server does not let one in, whatever was sent to it so far. Repeats nothing of what it says. */
    TaskFailure loginRefused(int code, String text) {
        String said = text.toLowerCase(Locale.ROOT);
        if (code == 421 || BUSY.matcher(said).find()) {
            return busy();
        }
        if (config.protocol() == FtpConfig.Protocol.FTP
                && (code == 522 || TLS_WANTED.matcher(withoutPassword(said)).find())) {
            return new TaskFailure.Misconfigured(
                    "ftp.tlsRequired", config.server() + " takes no password without TLS: set protocol to ftps.", null);
        }
        if (code >= 400 && code < 500 && code != 430) {
            return unavailable(code);
        }
        // 500 to 504 are about the command, not about who sent it (RFC 959, section 4.2.2).
        return code >= 500 && code <= 504 ? protocolError("it answers " + code + " to a login", null) : authFailed();
    }

    /** "Authentication failed" asks for no TLS. */
    private static String withoutPassword(String said) {
        return said.replaceAll("\\bauthenticat\\w*|\\bauthori[sz]\\w*", "");
    }

    TaskFailure authFailed() {
        return new TaskFailure.Unauthorized(
                "ftp.authFailed",
                config.server() + " refuses the username, the password or the private key. Check them.",
                null);
    }

    TaskFailure privateKeyInvalid(String why) {
        return new TaskFailure.Unauthorized(
                "ftp.privateKeyInvalid",
                "The private key " + why + ": it must be that of an OpenSSH or PEM file, and password its passphrase.",
                null);
    }

    TaskFailure busy() {
        return new TaskFailure.RetryLater(
                "ftp.serverBusy", config.server() + " takes no more connections for now.", SOON);
    }

    TaskFailure unavailable(int code) {
        return new TaskFailure.Transient(
                "ftp.serverUnavailable", config.server() + " cannot do this right now (" + code + ").", null);
    }

    TaskFailure tlsUnavailable(String why) {
        return new TaskFailure.Misconfigured(
                "ftp.tlsUnavailable",
                config.server() + " " + why
                        + ", so no password was sent to it. Check protocol and port; 21 is usual, 990"
                        + " for TLS from the start.",
                null);
    }

    TaskFailure certificateInvalid(Exception cause) {
        return new TaskFailure.Misconfigured(
                "ftp.certificateInvalid",
                "trustedCertificate holds no certificate that can be read: it must be PEM, from -----BEGIN"
                        + " CERTIFICATE----- to -----END CERTIFICATE-----.",
                cause);
    }

    TaskFailure knownHostsInvalid(Exception cause) {
        return new TaskFailure.Misconfigured(
                "ftp.knownHostsInvalid",
                "knownHosts cannot be read: it must be lines of an OpenSSH known_hosts file.",
                cause);
    }

    /** @param line what the server's key would be in knownHosts; it is public */
    TaskFailure hostKeyUnknown(String fingerprint, String line) {
        return new TaskFailure.Misconfigured(
                "ftp.hostKeyUnknown",
                "The host key of " + config.server()
                        + " is not in knownHosts, so nothing was sent to it. Its fingerprint is " + fingerprint
                        + "; if that is what the server's owner says, add this line: " + line,
                null);
    }

    TaskFailure hostKeyChanged(String fingerprint) {
        return new TaskFailure.Misconfigured(
                "ftp.hostKeyChanged",
                "The host key of " + config.server()
                        + " is not the one in knownHosts, so nothing was sent to it. Someone"
                        + " may have come in between. If the server's owner says that its key is now the one with the"
                        + " fingerprint " + fingerprint + ", replace it.",
                null);
    }

    TaskFailure sshUnavailable(Exception cause) {
        return new TaskFailure.Misconfigured(
                "ftp.sshUnavailable",
                config.server() + " does not speak SSH there, or only with algorithms that are not safe: "
                        + rootText(cause) + ". Check protocol and port; 22 is usual for sftp.",
                cause);
    }

    /** What a reply means that is neither yes nor a matter of the login (RFC 959, section 4.2.2). */
    TaskFailure refused(int code, String text, RemotePath path) {
        String said = text.toLowerCase(Locale.ROOT);
        return switch (code) {
            case 421 -> busy();
            case 425, 426 -> connectionFailed("broke off a transfer (" + code + ")", null);
            case 530 -> authFailed();
            case 522, 521, 534 ->
                tlsUnavailable("refuses the way in which transfers are to be protected (" + code + ")");
            case 550, 553 -> {
                if (BUSY.matcher(said).find()) {
                    yield unavailable(code);
                }
                yield ABSENT.matcher(said).find() && !DENIED.matcher(said).find() ? notFound(path) : denied(path);
            }
            default -> code >= 400 && code < 500 ? unavailable(code) : protocolError(code + " " + text, null);
        };
    }

    TaskFailure.Permanent notFound(RemotePath path) {
        return new TaskFailure.Permanent(
                PATH_NOT_FOUND, config.server() + " has no " + printable(path.text()) + ".", null);
    }

    TaskFailure.Permanent denied(RemotePath path) {
        return new TaskFailure.Permanent(
                PERMISSION_DENIED,
                "The account may not read " + printable(path.text()) + ". Give it the right to, or exclude it.",
                null);
    }

    TaskFailure fileTooLarge(RemotePath path, long size) {
        return new TaskFailure.Permanent(
                "ftp.fileTooLarge",
                printable(path.text()) + " has " + size + " bytes; " + FileBytes.MAX + " is the most. Exclude it.",
                null);
    }

    TaskFailure fileTruncated(RemotePath path, long count, long size) {
        return new TaskFailure.Transient(
                "ftp.fileTruncated",
                "Only " + count + " bytes of the " + size + " of " + printable(path.text()) + " came.",
                null);
    }

    TaskFailure fileChanging(RemotePath path) {
        return new TaskFailure.Transient(
                "ftp.fileChanging", printable(path.text()) + " changed while it was read.", null);
    }

    TaskFailure directoryTooLarge(RemotePath path) {
        return new TaskFailure.Permanent(
                "ftp.directoryTooLarge",
                printable(path.text()) + " has more than " + RemoteSession.MAX_NAMES + " names or "
                        + RemoteSession.MAX_LINKS + " links. Exclude it.",
                null);
    }

    TaskFailure tooDeep(RemotePath path) {
        return new TaskFailure.Permanent(
                "ftp.tooDeep",
                printable(path.text()) + " is more than " + ListDirectory.MAX_DEPTH + " directories deep. Exclude it.",
                null);
    }

    TaskFailure nameRefused(RemotePath path, String name) {
        return new TaskFailure.Permanent(
                "ftp.nameRefused",
                "A file in " + printable(path.text()) + " cannot be asked for by its name, " + printable(name)
                        + ". Rename it, or exclude it.",
                null);
    }

    private static boolean isInterrupt(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException
                    || (cause instanceof InterruptedIOException && !(cause instanceof SocketTimeoutException))) {
                return true;
            }
        }
        return false;
    }

    /** Whether TLS failed because the connection was lost under it. */
    private static boolean isConnectionLost(Exception cause) {
        return isCausedBy(cause, SocketException.class)
                || isCausedBy(cause, ConnectException.class)
                || isCausedBy(cause, EOFException.class)
                || isCausedBy(cause, SocketTimeoutException.class);
    }

    private static boolean isCausedBy(Throwable failure, Class<?> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String rootText(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return printable(message == null ? root.getClass().getSimpleName() : message);
    }

    private static String printable(String text) {
        String plain = text.replaceAll("\\p{C}", "?").strip();
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "...";
    }
}
