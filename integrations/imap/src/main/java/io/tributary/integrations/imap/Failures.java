package io.tributary.integrations.imap;

import static io.tributary.integrations.sockets.ConnectionFailures.printable;
import static io.tributary.integrations.sockets.ConnectionFailures.rootText;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.imap.Account.Secret;
import io.tributary.integrations.sockets.ConnectionFailures;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.jspecify.annotations.Nullable;

/**
 * Turns failures of the server and of the connection into failures of the task, by the response codes of RFC 5530 where
 * the server gives one. The codes:
 *
 * <table>
 *   <caption>failures of this integration</caption>
 *   <tr><td>{@code imap.authFailed}</td><td>Unauthorized: username, password or access token refused</td></tr>
 *   <tr><td>{@code imap.unreachable}</td><td>Transient: no connection, or lost</td></tr>
 *   <tr><td>{@code imap.serverUnavailable}</td><td>Transient: the server says that it cannot right now</td></tr>
 *   <tr><td>{@code imap.protocolError}</td><td>Transient: an answer that makes no sense</td></tr>
 *   <tr><td>{@code imap.folderReplaced}</td><td>Transient: another UIDVALIDITY in the middle of a complete
 *   list</td></tr>
 *   <tr><td>{@code imap.serverBusy}</td><td>RetryLater: too many connections, folder in use, quota of the
 *   provider</td></tr>
 *   <tr><td>{@code imap.certificateRefused}</td><td>Misconfigured: not trusted, expired, or for another name</td></tr>
 *   <tr><td>{@code imap.certificateInvalid}</td><td>Misconfigured: trustedCertificate is no certificate</td></tr>
 *   <tr><td>{@code imap.tlsUnavailable}</td><td>Misconfigured: the server does not speak TLS the way the config
 *   says</td></tr>
 *   <tr><td>{@code imap.tlsRequired}</td><td>Misconfigured: the server takes no password without TLS</td></tr>
 *   <tr><td>{@code imap.loginUnsupported}</td><td>Misconfigured: the server takes no passwords, or no access
 *   tokens</td></tr>
 *   <tr><td>{@code imap.folderNotFound}</td><td>Misconfigured: no such folder</td></tr>
 *   <tr><td>{@code imap.folderRefused}</td><td>Misconfigured: the account may not read the folder</td></tr>
 *   <tr><td>{@code imap.folderUnsupported}</td><td>Misconfigured: the folder has no lasting UIDs</td></tr>
 *   <tr><td>{@code imap.configInvalid}</td><td>Misconfigured: the config does not match its schema</td></tr>
 *   <tr><td>{@code imap.messageRefused}</td><td>Permanent: the server does not hand out a message it has</td></tr>
 *   <tr><td>{@code imap.invalidTask}</td><td>Permanent: no such task type, or not its payload</td></tr>
 * </table>
 */
record Failures(ImapConfig config, String server, ConnectionFailures connection) {

    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration LATER = Duration.ofMinutes(15);

    private static final Pattern CODE = Pattern.compile("\\[([A-Z0-9-]+)");
    private static final Pattern TOO_MANY =
            Pattern.compile("too many|try (again )?later|temporar|rate limit|exceeded .*limit");
    /** In the answer to a login without a response code: trouble of the server, not of the password. */
    private static final Pattern TROUBLE = Pattern.compile("unavailable|(system|server|internal) (error|busy)");

    Failures(ImapConfig config) {
        this(
                config,
                config.server(),
                new ConnectionFailures(
                        "imap",
                        config.server(),
                        "imap.unreachable",
                        "host, port and security",
                        "Check port and security; 993 is usual for tls, 143 for starttls."));
    }

    /**
     * A connection could not be made, or it broke.
     *
     * @throws InterruptedException see {@link ConnectionFailures#of}
     */
    TaskFailure broken(Exception failure) throws InterruptedException {
        // Angus Mail wraps an exception in a made-up BYE response.
        Exception cause = failure;
        if (failure instanceof ConnectionException closed
                && closed.getResponse() != null
                && closed.getResponse().getException() != null) {
            cause = closed.getResponse().getException();
        }
        Optional<TaskFailure> broken = connection.of(cause);
        if (broken.isPresent()) {
            return broken.get();
        }
        if (cause instanceof ConnectionException closed) {
            return byCode(closed.getResponse())
                    .orElseGet(() ->
                            connection.unreachable("closed the connection: " + text(closed.getResponse()), closed));
        }
        return connection.protocolError(rootText(cause), cause);
    }

    /** The server refuses a command other than the login. */
    TaskFailure rejected(CommandFailedException refusal) {
        return byCode(refusal.getResponse())
                .orElseGet(() -> new TaskFailure.Transient(
                        "imap.protocolError",
                        server + " refused a request: " + text(refusal.getResponse()) + ".",
                        refusal));
    }

    /** The server does not open the folder. {@code folders} are those that it has. */
    TaskFailure folderRejected(CommandFailedException refusal, List<String> folders) {
        return byCode(refusal.getResponse()).orElseGet(() -> {
            if (folders.contains(config.folder())) {
                return rejected(refusal);
            }
            List<String> close = CloseNames.to(config.folder(), folders);
            return new TaskFailure.Misconfigured(
                    "imap.folderNotFound",
                    server + " has no folder " + printable(config.folder())
                            + (close.isEmpty() ? "." : "; it has " + printable(String.join(", ", close)) + "."),
                    refusal);
        });
    }

    TaskFailure folderUnsupported() {
        return misconfigured(
                "imap.folderUnsupported",
                "The folder " + printable(config.folder()) + " has no lasting UIDs, so it cannot be synced.");
    }

    /** The folder got another UIDVALIDITY while its messages were listed. */
    TaskFailure folderReplaced() {
        return temporary(
                "imap.folderReplaced",
                "The folder " + printable(config.folder()) + " was replaced while it was listed.");
    }

    /** The server does not hand out messages. */
    TaskFailure messageRejected(UidSet uids, CommandFailedException refusal) {
        return byCode(refusal.getResponse())
                .orElseGet(() -> new TaskFailure.Permanent(
                        "imap.messageRefused",
                        server + " does not hand out the message with UID " + uids + ": " + text(refusal.getResponse())
                                + ".",
                        refusal));
    }

    /** The server has messages that it did not answer for. */
    TaskFailure noAnswer(UidSet uids) {
        return temporary("imap.protocolError", server + " does not answer for the messages with UID " + uids + ".");
    }

    /** The server refuses the login. Holds nothing of what the server says: it may echo. */
    TaskFailure loginRejected(CommandFailedException refusal, Secret secret) {
        Response response = refusal.getResponse();
        if (code(response).equals("PRIVACYREQUIRED")) {
            return tlsRequired();
        }
        if (code(response).isEmpty() && TROUBLE.matcher(lower(response)).find()) {
            return temporary("imap.serverUnavailable", server + " cannot take a login right now.");
        }
        String advice = switch (secret) {
            case Secret.Password _ -> "the password. Check both; many providers want an app password here.";
            case Secret.AccessToken _ ->
                "the access token. Connect the account again, with the right to read mail by IMAP.";
        };
        return byCode(response)
                .orElseGet(() -> new TaskFailure.Unauthorized(
                        "imap.authFailed", server + " refuses the username or " + advice, null));
    }

    /**
     * The login ended with neither yes nor no. Holds nothing of what the server says either.
     *
     * @throws InterruptedException see {@link #broken}
     */
    TaskFailure loginBroken(ProtocolException failure) throws InterruptedException {
        Response response = failure.getResponse();
        if (response == null || response.isSynthetic()) {
            return broken(failure);
        }
        return byCode(response)
                .orElseGet(() -> temporary(
                        "imap.protocolError",
                        server + " ended the login without saying whether it takes the password."));
    }

    TaskFailure tlsRequired() {
        return misconfigured(
                "imap.tlsRequired",
                server + " takes no password on a connection without TLS: set security to tls or starttls.");
    }

    TaskFailure loginUnsupported() {
        return misconfigured(
                "imap.loginUnsupported",
                server + " takes neither LOGIN nor AUTH=PLAIN: it cannot be used with a password.");
    }

    TaskFailure tokenUnsupported() {
        return misconfigured(
                "imap.loginUnsupported",
                server + " does not offer XOAUTH2: it cannot be used with OAuth2, only with a password.");
    }

    TaskFailure tlsUnavailable(String why) {
        return misconfigured(
                "imap.tlsUnavailable",
                server + " " + why + ", so nothing was sent to it. Set security to tls with the port for it, usually"
                        + " 993, or ask the provider.");
    }

    /** The meaning of a response code, whichever command it answers. */
    private Optional<TaskFailure> byCode(@Nullable Response response) {
        String code = code(response);
        return Optional.ofNullable(
                switch (code) {
                    case "UNAVAILABLE", "SERVERBUG", "CORRUPTION", "CONTACTADMIN" ->
                        temporary("imap.serverUnavailable", server + " cannot do this right now [" + code + "].");
                    case "INUSE" -> busy(SOON, code);
                    case "LIMIT", "OVERQUOTA", "THROTTLED" -> busy(LATER, code);
                    case "NOPERM" ->
                        misconfigured(
                                "imap.folderRefused",
                                "The account may not read the folder " + printable(config.folder())
                                        + ". Give it the right to, or choose another folder.");
                    // Servers from before RFC 5530 say it in words only.
                    case "", "ALERT" -> TOO_MANY.matcher(lower(response)).find() ? busy(SOON, "busy") : null;
                    default -> null;
                });
    }

    private static String lower(@Nullable Response response) {
        return response == null ? "" : response.toString().toLowerCase(Locale.ROOT);
    }

    private TaskFailure busy(Duration after, String why) {
        return new TaskFailure.RetryLater("imap.serverBusy", server + " asks to wait [" + why + "].", after);
    }

    private static TaskFailure misconfigured(String code, String reason) {
        return new TaskFailure.Misconfigured(code, reason, null);
    }

    private static TaskFailure temporary(String code, String reason) {
        return new TaskFailure.Transient(code, reason, null);
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
}
