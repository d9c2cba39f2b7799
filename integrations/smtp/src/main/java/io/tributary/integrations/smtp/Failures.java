package io.tributary.integrations.smtp;

import static io.tributary.integrations.sockets.ConnectionFailures.rootText;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.sockets.ConnectionFailures;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Turns replies of the server and failures of the connection into failures of the task, by their reply codes (RFC 5321,
 * section 4.2). A reply is never quoted: it may repeat the recipient or a secret. The codes:
 *
 * <table>
 *   <caption>failures of this integration, with those of {@link ConnectionFailures}</caption>
 *   <tr><td>{@code smtp.authFailed}</td><td>Unauthorized: username, password or access token refused</td></tr>
 *   <tr><td>{@code smtp.unreachable}</td><td>Transient: no connection, or lost</td></tr>
 *   <tr><td>{@code smtp.serverUnavailable}</td><td>Transient, without effect: a reply 4xx, such as that of a
 *   greylist</td></tr>
 *   <tr><td>{@code smtp.serverBusy}</td><td>RetryLater: a reply 421, or 4xx to a login</td></tr>
 *   <tr><td>{@code smtp.recipientRefused}</td><td>Permanent: a reply 5xx to the recipient</td></tr>
 *   <tr><td>{@code smtp.messageRefused}</td><td>Permanent: a reply 5xx to the message</td></tr>
 *   <tr><td>{@code smtp.invalidRecipient}, {@code smtp.invalidInput}</td><td>Permanent: no address, or no
 *   text</td></tr>
 *   <tr><td>{@code smtp.senderRefused}</td><td>Misconfigured: a reply 5xx to the sender</td></tr>
 *   <tr><td>{@code smtp.loginRequired}</td><td>Misconfigured: the server takes no mail without a login</td></tr>
 *   <tr><td>{@code smtp.configInvalid}</td><td>Misconfigured: the config does not match its schema</td></tr>
 * </table>
 */
record Failures(String server, ConnectionFailures connection) {

    private static final Duration LATER = Duration.ofMinutes(1);

    /** The reply to an access token that is not accepted: it has the reason, and expects an empty line. */
    private static final int OAUTH2_REFUSED = 334;

    Failures(SmtpConfig config) {
        this(
                config.server(),
                new ConnectionFailures(
                        "smtp",
                        config.server(),
                        "smtp.unreachable",
                        "host, port and security",
                        "Check port and security; 465 is usual for tls, 587 for starttls."));
    }

    /**
     * The failure of a connection, a login or a message.
     *
     * @param reply the last reply code of the server; -1: none
     * @param mayHaveTaken whether the end of the message was sent
     * @throws InterruptedException see {@link ConnectionFailures#of}
     */
    TaskFailure of(Exception failure, int reply, boolean mayHaveTaken) throws InterruptedException {
        Exception refused = deepest(failure);
        int code = refused instanceof SMTPAddressFailedException address
                ? address.getReturnCode()
                : refused instanceof SMTPSenderFailedException sender ? sender.getReturnCode() : reply;
        Optional<TaskFailure> broken = connection.of(failure);
        if (broken.isPresent()) {
            return broken.get() instanceof TaskFailure.Transient it && !mayHaveTaken
                    ? it.certainlyWithoutEffect()
                    : broken.get();
        }
        if (code == 421) {
            return new TaskFailure.RetryLater("smtp.serverBusy", server + " asks to try later (" + code + ").", LATER);
        }
        if (code >= 400 && code < 500) {
            return new TaskFailure.Transient(
                            "smtp.serverUnavailable", server + " cannot take the message now (" + code + ").", null)
                    .certainlyWithoutEffect();
        }
        if (code == 530) {
            return misconfigured(
                    "smtp.loginRequired",
                    server + " takes no message without a login or without TLS: connect the"
                            + " account with username and password, and check security.");
        }
        if (refused instanceof SMTPAddressFailedException && code >= 500) {
            return new TaskFailure.Permanent(
                    "smtp.recipientRefused", server + " refuses the recipient (" + code + ").", null);
        }
        if (refused instanceof SMTPSenderFailedException && code >= 500) {
            return misconfigured(
                    "smtp.senderRefused",
                    server + " refuses the sender (" + code + "): set from to an address that the user may send from.");
        }
        if (code >= 500 && code < 600) {
            return new TaskFailure.Permanent(
                    "smtp.messageRefused", server + " refuses the message (" + code + ").", null);
        }
        TaskFailure lost = connection.unreachable(
                mayHaveTaken
                        ? "closed the connection before it said whether it took the message"
                        : "closed the connection",
                failure);
        return lost instanceof TaskFailure.Transient it && !mayHaveTaken ? it.certainlyWithoutEffect() : lost;
    }

    /**
     * The failure of a login. It quotes nothing that the server said, since a server may repeat what it got.
     *
     * @param reply the last reply code of the server; -1: none, or none that makes sense
     * @throws InterruptedException see {@link ConnectionFailures#of}
     */
    TaskFailure login(AuthenticationFailedException failure, int reply) throws InterruptedException {
        Optional<TaskFailure> broken = connection.of(brokenBy(failure));
        if (broken.isPresent()) {
            return broken.get();
        }
        if (reply < 0) {
            return connection.unreachable("closed the connection during the login", null);
        }
        if (reply >= 400 && reply < 500) {
            return new TaskFailure.RetryLater(
                    "smtp.serverBusy", server + " cannot take a login now (" + reply + ").", LATER);
        }
        return reply == OAUTH2_REFUSED || reply == 534 || reply == 535
                ? new TaskFailure.Unauthorized(
                        "smtp.authFailed",
                        server
                                + " refuses the username, the password or the access token. Check them; many providers"
                                + " want an app password here.",
                        null)
                : misconfigured(
                        "smtp.loginRequired",
                        server + " has no way to log in that this account has (" + reply + "). Check security: many"
                                + " servers take a password with TLS only.");
    }

    /** The failure of the connection under that of the login; without it, an exception that means nothing. */
    private static Exception brokenBy(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException broken) {
                return broken;
            }
        }
        return new MessagingException();
    }

    TaskFailure tlsUnavailable() {
        return misconfigured(
                "smtp.tlsUnavailable",
                server + " does not offer STARTTLS, so nothing was sent to it. Set security to tls with the port for"
                        + " it, usually 465.");
    }

    static TaskFailure configInvalid(RuntimeException cause) {
        return new TaskFailure.Misconfigured(
                "smtp.configInvalid", "The config does not match its schema: " + rootText(cause) + ".", cause);
    }

    private static TaskFailure misconfigured(String code, String reason) {
        return new TaskFailure.Misconfigured(code, reason, null);
    }

    /** The exception of an address or the sender, which others wrap (getNextException is their cause). */
    private static Exception deepest(Exception failure) {
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof SMTPAddressFailedException || cause instanceof SMTPSenderFailedException) {
                return (Exception) cause;
            }
            cause = cause.getCause();
        }
        return failure;
    }
}
