package io.tributary.integrations.http;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** The failure of a broken exchange. It leaves out messages of libraries, which quote received data. */
record ExchangeFailure(String domain, HttpRequest request) {

    private static final int DEEPEST_CAUSE = 10;

    TaskFailure of(Exception thrown) {
        var unresolved = causes(thrown)
                .filter(HttpConnections.NotResolvedException.class::isInstance)
                .map(HttpConnections.NotResolvedException.class::cast)
                .findFirst();
        if (unresolved.isPresent()) {
            return unresolved.get().failure() instanceof TaskFailure.Transient failure
                    ? failure.certainlyWithoutEffect()
                    : unresolved.get().failure();
        }
        if (thrown instanceof SSLException && isOfCertificate(thrown)) {
            return new TaskFailure.Misconfigured(
                    domain + ".certificateRefused",
                    "The host " + request.uri().getHost()
                            + " did not prove who it is: its certificate is not trusted, expired, or for another name.",
                    null);
        }
        if (thrown instanceof ContentCoding.UnreadableException || thrown instanceof ZipException) {
            return new TaskFailure.Transient(
                    domain + ".answerUnreadable",
                    "The answer to " + request + " is compressed in a way that cannot be undone.",
                    null);
        }
        var failure = new TaskFailure.Transient(
                domain + ".connectionFailed", request + " failed: " + description(thrown) + ".", null);
        return isNeverSent(thrown) ? failure.certainlyWithoutEffect() : failure;
    }

    /** There was no connection to send it on. A connection that broke may have brought the request to the host. */
    private static boolean isNeverSent(Exception thrown) {
        return thrown instanceof ConnectException
                || thrown instanceof NoRouteToHostException
                || thrown instanceof ConnectTimeoutException;
    }

    private static String description(Exception thrown) {
        return switch (thrown) {
            case ConnectException e -> "the host refuses the connection";
            case NoRouteToHostException e -> "there is no way to the host";
            case SocketTimeoutException e -> "the host did not answer in time";
            case InterruptedIOException e -> "it was given up";
            case NoHttpResponseException e -> "the host closed the connection without an answer";
            case ConnectionClosedException e -> "the answer was cut short";
            case EOFException e -> "the answer was cut short";
            case SSLException e -> "the host broke off the encryption";
            case SocketException e -> "the host broke off the connection";
            default -> "the exchange broke off with a " + thrown.getClass().getSimpleName();
        };
    }

    private static boolean isOfCertificate(Exception thrown) {
        return causes(thrown)
                .anyMatch(cause -> cause instanceof SSLPeerUnverifiedException
                        || cause instanceof CertificateException
                        || cause instanceof CertPathValidatorException);
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.<Throwable>iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST_CAUSE);
    }
}
