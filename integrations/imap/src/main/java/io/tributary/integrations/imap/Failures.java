package io.tributary.integrations.imap;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.imap.Account.Secret;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.jspecify.annotations.Nullable;

/**
 * Says what a failure of the server or of the connection means, by the response codes of RFC 5530 where the server gives
 * one. The codes:
 *
 * <table>
 *   <caption>failures of this integration</caption>
 *   <tr><td>{@code imap.authFailed}</td><td>Unauthorized: username, password or access token refused</td></tr>
 *   <tr><td>{@code imap.unreachable}</td><td>Transient: no connection, or lost</td></tr>
 *   <tr><td>{@code imap.serverUnavailable}</td><td>Transient: the server says that it cannot right now</td></tr>
 *   <tr><td>{@code imap.protocolError}</td><td>Transient: an answer that makes no sense</td></tr>
 *   <tr><td>{@code imap.folderReplaced}</td><td>Transient: another UIDVALIDITY in the middle of a complete list</td></tr>
 *   <tr><td>{@code imap.serverBusy}</td><td>RetryLater: too many connections, folder in use, quota of the provider</td></tr>
 *   <tr><td>{@code imap.certificateRefused}</td><td>Misconfigured: not trusted, expired, or for another name</td></tr>
 *   <tr><td>{@code imap.certificateInvalid}</td><td>Misconfigured: trustedCertificate is no certificate</td></tr>
 *   <tr><td>{@code imap.tlsUnavailable}</td><td>Misconfigured: the server does not speak TLS the way the config says</td></tr>
 *   <tr><td>{@code imap.tlsRequired}</td><td>Misconfigured: the server takes no password without TLS</td></tr>
 *   <tr><td>{@code imap.loginUnsupported}</td><td>Misconfigured: the server takes no passwords, or no access tokens</td></tr>
 *   <tr><td>{@code imap.folderNotFound}</td><td>Misconfigured: no such folder</td></tr>
 *   <tr><td>{@code imap.folderRefused}</td><td>Misconfigured: the account may not read the folder</td></tr>
 *   <tr><td>{@code imap.folderUnsupported}</td><td>Misconfigured: the folder has no lasting UIDs</td></tr>
 *   <tr><td>{@code imap.configInvalid}</td><td>Misconfigured: the config does not match its schema</td></tr>
 *   <tr><td>{@code imap.messageRefused}</td><td>Permanent: the server does not hand out a message it has</td></tr>
 *   <tr><td>{@code imap.invalidTask}</td><td>Permanent: no such task type, or not its payload</td></tr>
 * </table>
 */
final class Failures {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LATER = Duration.ofMinutes(15);

    private static final Pattern CODE = Pattern.compile("\\[([A-Z0-9-]+)");
    private static final Pattern TOO_MANY = Pattern.compile("too many|try (again )?later|temporar|rate limit");

    private final ImapConfig config;

    Failures(ImapConfig config) {
        this.config = config;
    }

    /**
     * What it means that a connection could not be made or broke.
     *
     * @throws InterruptedException when that is why it broke: on a virtual thread, an interrupt closes the socket that
     *     the thread reads from or writes to
     */
    TaskFailure broken(Exception failure) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while talking to " + config.server());
        }
        Exception cause = causeOf(failure);
        if (isCausedBy(cause, CertificateException.class) || isCausedBy(cause, CertPathValidatorException.class)) {
            return certificateRefused(cause);
        }
        if (isCausedBy(cause, SSLException.class) && !isConnectionLost(cause)) {
            return new TaskFailure.Misconfigured(
                    "imap.tlsUnavailable",
                    config.server() + " does not speak TLS there: " + text(cause)
                            + ". Check port and security; 993 is usual for tls, 143 for starttls.",
                    cause);
        }
        if (isCausedBy(cause, SocketTimeoutException.class)) {
            return unreachable("does not answer. Check host, port and security", cause);
        }
        if (isCausedBy(cause, IOException.class)) {
            return unreachable("cannot be reached: " + rootText(cause), cause);
        }
        if (cause instanceof ConnectionException closed) {
            return byCode(closed.getResponse())
                    .orElseGet(() -> unreachable("closed the connection: " + text(closed.getResponse()), cause));
        }
        return protocolError(cause);
    }

    /** What it means that the server refused a command, not the login. */
    TaskFailure refused(CommandFailedException refusal) {
        return byCode(refusal.getResponse())
                .orElseGet(() -> new TaskFailure.Transient(
                        "imap.protocolError",
                        config.server() + " refused a request: " + text(refusal.getResponse()) + ".",
                        refusal));
    }

    /** What it means that the server does not open the folder. {@code folders} are those that it has. */
    TaskFailure folderRefused(CommandFailedException refusal, List<String> folders) {
        return byCode(refusal.getResponse()).orElseGet(() -> {
            if (folders.contains(config.folder())) {
                return refused(refusal);
            }
            List<String> close = CloseNames.to(config.folder(), folders);
            return new TaskFailure.Misconfigured(
                    "imap.folderNotFound",
                    config.server() + " has no folder " + printable(config.folder())
                            + (close.isEmpty() ? "." : "; it has " + printable(String.join(", ", close)) + "."),
                    refusal);
        });
    }

    TaskFailure folderUnsupported() {
        return new TaskFailure.Misconfigured(
                "imap.folderUnsupported",
                "The folder " + printable(config.folder()) + " has no lasting UIDs, so it cannot be synced.",
                null);
    }

    /** The folder got another UIDVALIDITY while its messages were listed. */
    TaskFailure folderReplaced() {
        return new TaskFailure.Transient(
                "imap.folderReplaced",
                "The folder " + printable(config.folder()) + " was replaced while it was listed.",
                null);
    }

    /** What it means that the server does not hand out messages. */
    TaskFailure messageRefused(UidSet uids, CommandFailedException refusal) {
        return byCode(refusal.getResponse())
                .orElseGet(() -> new TaskFailure.Permanent(
                        "imap.messageRefused",
                        config.server() + " does not hand out the message with UID " + uids + ": "
                                + text(refusal.getResponse()) + ".",
                        refusal));
    }

    /** The server has messages that it did not answer for. */
    TaskFailure noAnswer(UidSet uids) {
        return new TaskFailure.Transient(
                "imap.protocolError",
                config.server() + " does not answer for the messages with UID " + uids + ".",
                null);
    }

    /** What it means that the server refused the login. Holds nothing of what the server says: it may echo. */
    TaskFailure loginRefused(CommandFailedException refusal, Secret secret) {
        Response response = refusal.getResponse();
        if (code(response).equals("PRIVACYREQUIRED")) {
            return tlsRequired();
        }
        return byCode(response)
                .orElseGet(() -> new TaskFailure.Unauthorized(
                        "imap.authFailed",
                        switch (secret) {
                            case Secret.Password password ->
                                config.server() + " refuses the username or the password. Check both; many providers"
                                        + " want an app password here.";
                            case Secret.AccessToken token ->
                                config.server() + " refuses the username or the access token. Connect the account"
                                        + " again, with the right to read mail by IMAP.";
                        },
                        null));
    }

    /**
     * What it means that the login ended with neither yes nor no. Holds nothing of what the server says either.
     *
     * @throws InterruptedException see {@link #broken}
     */
    TaskFailure loginBroken(ProtocolException failure) throws InterruptedException {
        Response said = failure.getResponse();
        if (said == null || said.isSynthetic()) {
            return broken(failure);
        }
        return byCode(said)
                .orElseGet(() -> new TaskFailure.Transient(
                        "imap.protocolError",
                        config.server() + " ended the login without saying whether it takes the password.",
                        null));
    }

    TaskFailure tlsRequired() {
        return new TaskFailure.Misconfigured(
                "imap.tlsRequired",
                config.server() + " takes no password on a connection without TLS: set security to tls or starttls.",
                null);
    }

    TaskFailure loginUnsupported() {
        return new TaskFailure.Misconfigured(
                "imap.loginUnsupported",
                config.server() + " takes neither LOGIN nor AUTH=PLAIN: it cannot be used with a password.",
                null);
    }

    TaskFailure tokenUnsupported() {
        return new TaskFailure.Misconfigured(
                "imap.loginUnsupported",
                config.server() + " does not offer XOAUTH2: it cannot be used with OAuth2, only with a password.",
                null);
    }

    TaskFailure tlsUnavailable(String why) {
        return new TaskFailure.Misconfigured(
                "imap.tlsUnavailable",
                config.server() + " " + why + ", so nothing was sent to it. Set security to tls with the port for it,"
                        + " usually 993, or ask the provider.",
                null);
    }

    private TaskFailure unreachable(String what, Exception cause) {
        return new TaskFailure.Transient("imap.unreachable", config.server() + " " + what + ".", cause);
    }

    private TaskFailure certificateRefused(Exception cause) {
        return new TaskFailure.Misconfigured(
                "imap.certificateRefused",
                "The certificate of " + config.server() + " is not accepted: " + rootText(cause)
                        + ". Check that host is the name it is for; if the server has a certificate of its own or of a"
                        + " private authority, put that in PEM into trustedCertificate.",
                cause);
    }

    private TaskFailure protocolError(Exception cause) {
        return new TaskFailure.Transient(
                "imap.protocolError",
                config.server() + " gave an answer that makes no sense: " + text(cause) + ".",
                cause);
    }

    /** What a response code says, whichever command it answers. */
    private Optional<TaskFailure> byCode(@Nullable Response response) {
        String said = response == null ? "" : response.toString().toLowerCase(Locale.ROOT);
        return switch (code(response)) {
            case "UNAVAILABLE", "SERVERBUG", "CORRUPTION", "CONTACTADMIN" ->
                Optional.of(new TaskFailure.Transient(
                        "imap.serverUnavailable",
                        config.server() + " cannot do this right now [" + code(response) + "].",
                        null));
            case "INUSE" -> Optional.of(busy(SOON, code(response)));
            case "LIMIT", "OVERQUOTA", "THROTTLED" -> Optional.of(busy(LATER, code(response)));
            case "NOPERM" ->
                Optional.of(new TaskFailure.Misconfigured(
                        "imap.folderRefused",
                        "The account may not read the folder " + printable(config.folder())
                                + ". Give it the right to, or choose" + " another folder.",
                        null));
            // Servers from before RFC 5530 say it in words only.
            case "", "ALERT" -> TOO_MANY.matcher(said).find() ? Optional.of(busy(SOON, "busy")) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private TaskFailure busy(Duration after, String why) {
        return new TaskFailure.RetryLater("imap.serverBusy", config.server() + " asks to wait [" + why + "].", after);
    }

    static String code(@Nullable Response response) {
        if (response == null) {
            return "";
        }
        Matcher code = CODE.matcher(text(response));
        return code.lookingAt() ? code.group(1).toUpperCase(Locale.ROOT) : "";
    }

    /** The text of a response, after its tag and condition, cut to 200 printable characters. */
    private static String text(Response response) {
        response.reset();
        return printable(response.getRest());
    }

    private static String text(Throwable failure) {
        String message = failure.getMessage();
        return printable(message == null ? failure.getClass().getSimpleName() : message);
    }

    private static String rootText(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return text(root);
    }

    private static String printable(String text) {
        String plain = text.replaceAll("\\p{C}", "?").strip();
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "...";
    }

    /** Angus Mail turns an exception into a made-up BYE response; what happened is inside. */
    private static Exception causeOf(Exception failure) {
        if (failure instanceof ConnectionException closed
                && closed.getResponse() != null
                && closed.getResponse().getException() != null) {
            return closed.getResponse().getException();
        }
        return failure;
    }

    /** Whether TLS failed because the connection was lost under it. */
    private static boolean isConnectionLost(Exception cause) {
        return isCausedBy(cause, SocketException.class)
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
}
