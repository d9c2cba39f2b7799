package io.tributary.integrations.api;

/**
 * Sends requests to the provider, with what every integration needs built in:
 *
 * <ul>
 *   <li>Only public addresses are connected to, at redirects too, unless the deployment allows others; a name is
 *       resolved once and the address that was checked is the one that is used.
 *   <li>Redirects are followed, 5 at most. To another origin only such headers go along as cannot hold a secret:
 *       neither {@code Authorization} nor cookies, nor any whose meaning is not known.
 *   <li>Connecting, each wait for bytes, the whole exchange and the size of the answer are bounded; connections are
 *       kept and used again.
 *   <li>What an answer says of its quota ({@link RateLimitHeaders}) is told to the engine ({@link TaskContext#quota}).
 *   <li>Nothing that is sent or received is logged but method, host, path and status.
 * </ul>
 *
 * <p>Safe to use from several threads.
 */
public interface Http {

    /**
     * Sends a request and returns the answer when its status is 2xx, 304, a 4xx that is not named below, or one of
     * {@link HttpRequest#expected}; the body has been read as a whole by then. It is sent once: only a GET or HEAD that
     * went out on a kept connection which the server had closed in that moment is sent again on a new one.
     *
     * @throws TaskFailure.RetryLater {@code <domain>.rateLimited}: status 429; 403 or 503 with {@code Retry-After}; 403
     *     with an exhausted quota in its headers
     * @throws TaskFailure.Unauthorized {@code <domain>.authFailed}: status 401
     * @throws TaskFailure.Transient {@code <domain>.providerFailed}: status 5xx, 408 or 425;
     *     {@code <domain>.connectionFailed}: refused, reset, cut short or not in time;
     *     {@code <domain>.answerUnreadable}: compressed in a way that cannot be undone, or a redirect to nowhere;
     *     {@code polling.hostUnknown}
     * @throws TaskFailure.Misconfigured {@code polling.addressRefused}: the address is not one to connect to;
     *     {@code <domain>.certificateRefused}: the server did not prove who it is
     * @throws TaskFailure.Permanent {@code <domain>.answerTooLarge}: the body is larger than
     *     {@link HttpRequest#maxBytes()}; {@code <domain>.tooManyRedirects}
     * @throws InterruptedException when interrupted; the exchange is given up
     */
    HttpResponse send(HttpRequest request) throws TaskFailure, InterruptedException;
}
