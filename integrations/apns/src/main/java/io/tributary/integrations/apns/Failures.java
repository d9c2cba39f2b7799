package io.tributary.integrations.apns;

import com.eatthepath.pushy.apns.PushNotificationResponse;
import io.tributary.integrations.api.TaskFailure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;

/**
 * Turns answers of the service and failures of the connection into failures of the task
 * (developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns). The codes:
 *
 * <table>
 *   <caption>failures of this integration</caption>
 *   <tr><td>{@code apns.badDeviceToken}</td><td>Permanent: no token of this environment</td></tr>
 *   <tr><td>{@code apns.unregistered}</td><td>Permanent: the app is not on the device any more</td></tr>
 *   <tr><td>{@code apns.wrongTopic}</td><td>Permanent: the token is for another app</td></tr>
 *   <tr><td>{@code apns.messageRefused}</td><td>Permanent: any other refusal</td></tr>
 *   <tr><td>{@code apns.topicRefused}</td><td>Misconfigured: the key is not for the topic</td></tr>
 *   <tr><td>{@code apns.authFailed}</td><td>Unauthorized: the key is not accepted</td></tr>
 *   <tr><td>{@code apns.serverBusy}</td><td>RetryLater: too many tokens of the key</td></tr>
 *   <tr><td>{@code apns.serverUnavailable}</td><td>Transient: the service cannot right now</td></tr>
 *   <tr><td>{@code apns.unreachable}</td><td>Transient: no connection, or lost</td></tr>
 *   <tr><td>{@code apns.certificateRefused}</td><td>Misconfigured: the server does not prove its name</td></tr>
 * </table>
 */
final class Failures {

    /** The service refuses more than one token in this time. */
    private static final Duration TOKEN_WAIT = Duration.ofMinutes(20);

    private static final int DEEPEST_CAUSE = 10;

    private Failures() {}

    /** What a refusal means. */
    static TaskFailure of(PushNotificationResponse<?> refusal) {
        String reason = refusal.getRejectionReason().orElse("");
        return switch (reason) {
            case "BadDeviceToken", "MissingDeviceToken" ->
                permanent(
                        "apns.badDeviceToken",
                        "This is no token of a device, or one of the other environment: remove it.");
            case "Unregistered", "ExpiredToken" ->
                permanent(
                        "apns.unregistered", "The app is not on the device any more: remove the token of the device.");
            case "DeviceTokenNotForTopic" ->
                permanent(
                        "apns.wrongTopic",
                        "The token of the device is for another app: remove it, or check config.topic.");
            case "BadTopic", "MissingTopic", "TopicDisallowed" ->
                new TaskFailure.Misconfigured(
                        "apns.topicRefused",
                        "The key cannot send for the app: check config.topic and config.teamId.",
                        null);
            case "InvalidProviderToken",
                    "MissingProviderToken",
                    "BadCertificate",
                    "BadCertificateEnvironment",
                    "Forbidden",
                    "BadEnvironmentKeyIdInToken",
                    "UnrelatedKeyIdInToken" ->
                new TaskFailure.Unauthorized(
                        "apns.authFailed",
                        "Apple refuses the key: check privateKey, config.keyId and config.teamId, and whether it was"
                                + " revoked.",
                        null);
            case "TooManyProviderTokenUpdates" ->
                new TaskFailure.RetryLater("apns.serverBusy", "Apple asks to wait.", TOKEN_WAIT);
            case "TooManyRequests", "ServiceUnavailable", "Shutdown", "IdleTimeout", "ExpiredProviderToken" ->
                unavailable(reason).certainlyWithoutEffect();
            default ->
                refusal.getStatusCode() >= 500
                        ? unavailable(reason)
                        : permanent("apns.messageRefused", "Apple refuses the message: " + known(reason) + ".");
        };
    }

    /** A reason is a word; anything else is not shown. */
    private static String known(String reason) {
        return reason.matches("[A-Za-z]{1,64}") ? reason : "for no known reason";
    }

    private static TaskFailure.Transient unavailable(String reason) {
        return new TaskFailure.Transient(
                "apns.serverUnavailable", "Apple cannot take the message now: " + known(reason) + ".", null);
    }

    private static TaskFailure permanent(String code, String message) {
        return new TaskFailure.Permanent(code, message, null);
    }

    /** What a failure of the connection means: there was no effect where there was no connection. */
    static TaskFailure of(Throwable failure, Account account) {
        if (isCausedBy(failure, CertificateException.class)) {
            return new TaskFailure.Misconfigured(
                    "apns.certificateRefused",
                    "The host " + account.host() + " did not prove who it is: its certificate is not trusted, expired,"
                            + " or for another name.",
                    null);
        }
        boolean neverSent = isCausedBy(failure, ConnectException.class)
                || isCausedBy(failure, NoRouteToHostException.class)
                || isCausedBy(failure, UnresolvedAddressException.class)
                || isCausedBy(failure, SSLHandshakeException.class)
                // The client was closed, for another task whose connection failed.
                || isCausedBy(failure, IllegalStateException.class);
        var lost = new TaskFailure.Transient(
                "apns.unreachable",
                account.host() + (neverSent ? " cannot be reached." : " did not answer to the message."),
                null);
        return neverSent ? lost.certainlyWithoutEffect() : lost;
    }

    private static boolean isCausedBy(Throwable failure, Class<?> type) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (type.isInstance(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
