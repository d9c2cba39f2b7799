package io.tributary.integrations.sockets;

import io.tributary.integrations.api.TaskFailure;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Turns exceptions of a connection into failures of a task. The codes, after the domain of the integration:
 *
 * <table>
 *   <caption>failures of connections</caption>
 *   <tr><td>the unreachable code</td><td>Transient: no connection, or lost</td></tr>
 *   <tr><td>{@code protocolError}</td><td>Transient: an answer that makes no sense</td></tr>
 *   <tr><td>{@code certificateRefused}</td><td>Misconfigured: not trusted, expired, or for another name</td></tr>
 *   <tr><td>{@code certificateInvalid}</td><td>Misconfigured: trustedCertificate is no certificate</td></tr>
 *   <tr><td>{@code tlsUnavailable}</td><td>Misconfigured: the server does not speak TLS on that port</td></tr>
 * </table>
 *
 * @param domain of the integration, the first part of the codes
 * @param server for messages: {@code files.example.org:21}
 * @param unreachableCode such as {@code imap.unreachable}
 * @param settings what the user should check when the server does not answer: {@code host, port and security}
 * @param tlsAdvice what the user should do when the server does not speak TLS; a sentence
 */
public record ConnectionFailures(
        String domain, String server, String unreachableCode, String settings, String tlsAdvice) {

    private static final int MAX_TEXT = 200;

    /**
     * The failure of the connection that an exception means; empty when it means something else.
     *
     * @throws InterruptedException when that is why the connection broke: on a virtual thread, an interrupt closes the
     *     socket that the thread reads from or writes to
     */
    public Optional<TaskFailure> of(Exception failure) throws InterruptedException {
        if (Thread.interrupted() || isInterrupt(failure)) {
            throw new InterruptedException("interrupted while talking to " + server);
        }
        if (isCausedBy(failure, CertificateException.class) || isCausedBy(failure, CertPathValidatorException.class)) {
            return Optional.of(certificateRefused(failure));
        }
        if (isCausedBy(failure, SSLException.class) && !isConnectionLost(failure)) {
            return Optional.of(new TaskFailure.Misconfigured(
                    domain + ".tlsUnavailable",
                    server + " does not speak TLS there: " + rootText(failure) + ". " + tlsAdvice,
                    failure));
        }
        if (isCausedBy(failure, SocketTimeoutException.class)) {
            return Optional.of(unreachable("does not answer. Check " + settings, failure));
        }
        return isCausedBy(failure, IOException.class)
                ? Optional.of(unreachable("cannot be reached: " + rootText(failure), failure))
                : Optional.empty();
    }

    public TaskFailure unreachable(String what, @Nullable Exception cause) {
        return new TaskFailure.Transient(unreachableCode, server + " " + what + ".", cause);
    }

    /** @param what the answer or what is wrong with it; it is cut to 200 printable characters */
    public TaskFailure protocolError(String what, @Nullable Exception cause) {
        return new TaskFailure.Transient(
                domain + ".protocolError",
                server + " gave an answer that makes no sense: " + printable(what) + ".",
                cause);
    }

    private TaskFailure certificateRefused(Exception cause) {
        return new TaskFailure.Misconfigured(
                domain + ".certificateRefused",
                "The certificate of " + server + " is not accepted: " + rootText(cause)
                        + ". Check that host is the name it is for; if the server has a certificate of its own or of a"
                        + " private authority, put that in PEM into trustedCertificate.",
                cause);
    }

    public TaskFailure certificateInvalid(Exception cause) {
        return new TaskFailure.Misconfigured(
                domain + ".certificateInvalid",
                "trustedCertificate holds no certificate that can be read: it must be PEM, from -----BEGIN"
                        + " CERTIFICATE----- to -----END CERTIFICATE-----.",
                cause);
    }

    private static boolean isInterrupt(Throwable failure) {
        return isCausedBy(failure, InterruptedException.class)
                || (isCausedBy(failure, InterruptedIOException.class)
                        && !isCausedBy(failure, SocketTimeoutException.class));
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

    /** The message of the deepest cause, cut to 200 printable characters. */
    public static String rootText(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return printable(message == null ? root.getClass().getSimpleName() : message);
    }

    /** A text that a server may have chosen, cut to 200 printable characters. */
    public static String printable(String text) {
        String plain = text.replaceAll("\\p{C}", "?").strip();
        return plain.length() <= MAX_TEXT ? plain : plain.substring(0, MAX_TEXT) + "...";
    }
}
