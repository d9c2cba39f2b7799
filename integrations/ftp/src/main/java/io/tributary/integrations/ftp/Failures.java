package io.tributary.integrations.ftp;

import static io.tributary.integrations.sockets.ConnectionFailures.printable;
import static io.tributary.integrations.sockets.ConnectionFailures.rootText;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.sockets.ConnectionFailures;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns failures of the server and of the connection into failures of the task. The codes:
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
 *   <tr><td>{@code ftp.tlsUnavailable}</td><td>Misconfigured: the server does not speak TLS the way the config
 *   says</td></tr>
 *   <tr><td>{@code ftp.tlsRequired}</td><td>Misconfigured: the server wants ftps</td></tr>
 *   <tr><td>{@code ftp.sshUnavailable}</td><td>Misconfigured: the server does not speak SSH, or none of its algorithms
 *       is still held to be safe</td></tr>
 *   <tr><td>{@code ftp.configInvalid}</td><td>Misconfigured: the config does not match its schema</td></tr>
 *   <tr><td>{@code ftp.pathNotFound}</td><td>Misconfigured: the configured path is not there</td></tr>
 *   <tr><td>{@code ftp.permissionDenied}</td><td>Permanent: the account may not read a file or a directory;
 *       Misconfigured when it is the configured path</td></tr>
 *   <tr><td>{@code ftp.fileTooLarge}</td><td>Permanent: over {@link FileBytes#MAX} bytes</td></tr>
 *   <tr><td>{@code ftp.directoryTooLarge}</td><td>Permanent: over {@link RemoteSession#MAX_NAMES} names</td></tr>
 *   <tr><td>{@code ftp.listingUnreadable}</td><td>Permanent: a listing, or a line of it, is in an unknown form;
 *       Misconfigured when it is that of the configured path</td></tr>
 *   <tr><td>{@code ftp.tooDeep}</td><td>Permanent: over {@link ListDirectory#MAX_DEPTH} directories deep</td></tr>
 *   <tr><td>{@code ftp.nameRefused}</td><td>Permanent: a name that leads out of its directory, or cannot be asked
 *   for</td></tr>
 *   <tr><td>{@code ftp.invalidTask}</td><td>Permanent: no such task type, or not its payload</td></tr>
 * </table>
 */
record Failures(FtpConfig config, String server, ConnectionFailures connection) {

    static final String PATH_NOT_FOUND = "ftp.pathNotFound";

    private static final String TLS_ADVICE = "Check protocol and port; 21 is usual, 990 for TLS from the start.";

    private static final Duration SOON = Duration.ofMinutes(1);

    private static final Pattern BUSY =
            Pattern.compile("too many|maximum (number|client|connection|login)|try (again )?later|temporar|limit|busy");
    private static final Pattern TLS_WANTED = Pattern.compile("\\b(tls|ssl|encrypt|secure|auth)");
    private static final Pattern DENIED =
            Pattern.compile("denied|not permitted|forbidden|no permission|not authori[sz]ed");
    private static final Pattern ABSENT =
            Pattern.compile("no such|not found|not exist|doesn't exist|cannot find|not a directory|no directory");

    Failures(FtpConfig config) {
        this(
                config,
                config.server(),
                new ConnectionFailures(
                        "ftp", config.server(), "ftp.connectionFailed", "host, port and protocol", TLS_ADVICE));
    }

    /**
     * A connection could not be made, or it broke.
     *
     * @throws InterruptedException see {@link ConnectionFailures#of}
     */
    TaskFailure broken(Exception failure) throws InterruptedException {
        return connection.of(failure).orElseGet(() -> protocolError(rootText(failure), failure));
    }

    TaskFailure connectionFailed(String what, @Nullable Exception cause) {
        return connection.unreachable(what, cause);
    }

    TaskFailure protocolError(String what, @Nullable Exception cause) {
        return connection.protocolError(what, cause);
    }

    /** The server rejects the login at any step of it. Repeats nothing of what the server says. */
    TaskFailure loginRejected(int code, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (code == 421 || BUSY.matcher(lower).find()) {
            return busy();
        }
        if (config.protocol() == FtpConfig.Protocol.FTP
                && (code == 522 || TLS_WANTED.matcher(withoutPassword(lower)).find())) {
            return misconfigured(
                    "ftp.tlsRequired", server + " takes no password without TLS: set protocol to ftps.", null);
        }
        if (code >= 400 && code < 500 && code != 430) {
            return unavailable(code);
        }
        // 500 to 504 are about the command, not about who sent it (RFC 959, section 4.2.2).
        return code >= 500 && code <= 504 ? protocolError("it answers " + code + " to a login", null) : authFailed();
    }

    /** "Authentication failed" asks for no TLS. */
    private static String withoutPassword(String text) {
        return text.replaceAll("\\bauthenticat\\w*|\\bauthori[sz]\\w*", "");
    }

    /** A reply that is neither yes nor about the login (RFC 959, section 4.2.2). */
    TaskFailure rejected(int code, String text, RemotePath path) {
        String lower = text.toLowerCase(Locale.ROOT);
        return switch (code) {
            case 421 -> busy();
            case 425, 426 -> connectionFailed("broke off a transfer (" + code + ")", null);
            case 530 -> authFailed();
            case 522, 521, 534 ->
                tlsUnavailable("refuses the way in which transfers are to be protected (" + code + ")");
            case 550, 553 -> {
                if (BUSY.matcher(lower).find()) {
                    yield unavailable(code);
                }
                yield ABSENT.matcher(lower).find() && !DENIED.matcher(lower).find() ? notFound(path) : denied(path);
            }
            default -> code >= 400 && code < 500 ? unavailable(code) : protocolError(code + " " + text, null);
        };
    }

    TaskFailure authFailed() {
        return new TaskFailure.Unauthorized(
                "ftp.authFailed", server + " refuses the username, the password or the private key. Check them.", null);
    }

    TaskFailure privateKeyInvalid(String why) {
        return new TaskFailure.Unauthorized(
                "ftp.privateKeyInvalid",
                "The private key " + why + ": it must be that of an OpenSSH or PEM file, and password its passphrase.",
                null);
    }

    TaskFailure busy() {
        return new TaskFailure.RetryLater("ftp.serverBusy", server + " takes no more connections for now.", SOON);
    }

    private TaskFailure unavailable(int code) {
        return temporary("ftp.serverUnavailable", server + " cannot do this right now (" + code + ").");
    }

    TaskFailure tlsUnavailable(String why) {
        return misconfigured(
                "ftp.tlsUnavailable", server + " " + why + ", so no password was sent to it. " + TLS_ADVICE, null);
    }

    TaskFailure knownHostsInvalid(Exception cause) {
        return misconfigured(
                "ftp.knownHostsInvalid",
                "knownHosts cannot be read: it must be lines of an OpenSSH known_hosts file.",
                cause);
    }

    /** @param line what the server's key would be in knownHosts; it is public */
    TaskFailure hostKeyUnknown(String fingerprint, String line) {
        return misconfigured(
                "ftp.hostKeyUnknown",
                "The host key of " + server
                        + " is not in knownHosts, so nothing was sent to it. Its fingerprint is " + fingerprint
                        + "; if that is what the server's owner says, add this line: " + line,
                null);
    }

    TaskFailure hostKeyChanged(String fingerprint) {
        return misconfigured(
                "ftp.hostKeyChanged",
                "The host key of " + server
                        + " is not the one in knownHosts, so nothing was sent to it. Someone"
                        + " may have come in between. If the server's owner says that its key is now the one with the"
                        + " fingerprint " + fingerprint + ", replace it.",
                null);
    }

    TaskFailure sshUnavailable(Exception cause) {
        return misconfigured(
                "ftp.sshUnavailable",
                server + " does not speak SSH there, or only with algorithms that are not safe: " + rootText(cause)
                        + ". Check protocol and port; 22 is usual for sftp.",
                cause);
    }

    TaskFailure.Permanent notFound(RemotePath path) {
        return permanent(PATH_NOT_FOUND, server + " has no " + shown(path) + ".");
    }

    TaskFailure.Permanent denied(RemotePath path) {
        return permanent(
                "ftp.permissionDenied",
                "The account may not read " + shown(path) + ". Give it the right to, or exclude it.");
    }

    TaskFailure fileTooLarge(RemotePath path, long size) {
        return permanent(
                "ftp.fileTooLarge",
                shown(path) + " has " + size + " bytes; " + FileBytes.MAX + " is the most. Exclude it.");
    }

    TaskFailure fileTruncated(RemotePath path, long count, long size) {
        return temporary(
                "ftp.fileTruncated", "Only " + count + " bytes of the " + size + " of " + shown(path) + " came.");
    }

    TaskFailure fileChanging(RemotePath path) {
        return temporary("ftp.fileChanging", shown(path) + " changed while it was read.");
    }

    TaskFailure directoryTooLarge(RemotePath path) {
        return permanent(
                "ftp.directoryTooLarge",
                shown(path) + " has more than " + RemoteSession.MAX_NAMES + " names or " + RemoteSession.MAX_LINKS
                        + " links. Exclude it.");
    }

    /** @param line the first one that is not understood */
    TaskFailure listingUnreadable(RemotePath path, String line) {
        return permanent(
                "ftp.listingUnreadable",
                "The listing of " + shown(path) + " has lines in an unknown form, so files may be missing, and none"
                        + " counts as deleted. The first such line: " + printable(line));
    }

    TaskFailure tooDeep(RemotePath path) {
        return permanent(
                "ftp.tooDeep",
                shown(path) + " is more than " + ListDirectory.MAX_DEPTH + " directories deep. Exclude it.");
    }

    TaskFailure nameRejected(RemotePath path, String name) {
        return permanent(
                "ftp.nameRefused",
                "A file in " + shown(path) + " cannot be asked for by its name, " + printable(name)
                        + ". Rename it, or exclude it.");
    }

    private static String shown(RemotePath path) {
        return printable(path.text());
    }

    private static TaskFailure.Permanent permanent(String code, String reason) {
        return new TaskFailure.Permanent(code, reason, null);
    }

    private static TaskFailure temporary(String code, String reason) {
        return new TaskFailure.Transient(code, reason, null);
    }

    private static TaskFailure misconfigured(String code, String reason, @Nullable Exception cause) {
        return new TaskFailure.Misconfigured(code, reason, cause);
    }
}
