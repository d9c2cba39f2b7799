package io.tributary.integrations.api;

/**
 * Sends requests to the provider, with the rules that every integration needs:
 *
 * <ul>
 *   <li>It connects to public addresses only, at redirects too, unless the deployment allows others. It resolves a name
 *       once, and connects to the address that it has checked.
 *   <li>It follows up to 5 redirects. To another origin, it sends only headers that cannot hold a secret: neither
 *       {@code Authorization} nor cookies, nor any header of unknown meaning. A request other than GET and HEAD that is
 *       answered with 301, 302 or 303 may have taken effect. So each failure after it is a
 *       {@link TaskFailure.Transient} that leaves that open.
 *   <li>Connecting, each wait for bytes, the whole exchange and the size of the response are bounded; connections are
 *       kept and reused.
 *   <li>It reports the quota in a response ({@link RateLimitHeaders}) to the engine ({@link TaskContext#quota}).
 *   <li>It logs only method, host, path and status.
 * </ul>
 *
 * <p>Safe to use from several threads.
 */
public interface Http {

    /**
     * Sends a request and returns the response when its status is 2xx, 304, a 4xx that is not named below, or one of
     * {@link HttpRequest#expected}; the whole body has been read by then. It sends a request once; only a GET or HEAD
     * on a kept connection that the server has just closed is sent again on a new one, and a request that is answered
     * 401 once more after half a second: providers refuse good credentials now and then.
     *
     * @throws TaskFailure.RetryLater {@code <domain>.rateLimited}: status 429; 403 or 503 with {@code Retry-After}; 403
     *     with an exhausted quota in its headers
     * @throws TaskFailure.Unauthorized {@code <domain>.authFailed}: status 401, twice
     * @throws TaskFailure.Transient {@code <domain>.providerFailed}: status 5xx, 408 or 425;
     *     {@code <domain>.connectionFailed}: refused, reset, cut short or timed out; {@code <domain>.answerUnreadable}:
     *     compressed in a way that cannot be undone, or a redirect to nowhere; {@code polling.hostUnknown}
     * @throws TaskFailure.Misconfigured {@code polling.addressRefused}: the address is not public;
     *     {@code <domain>.certificateRefused}: the server's certificate is not valid
     * @throws TaskFailure.Permanent {@code <domain>.answerTooLarge}: the body is larger than
     *     {@link HttpRequest#maxBytes()}; {@code <domain>.tooManyRedirects}; {@code <domain>.redirectRefused}: to
     *     another origin with the request's body (307, 308)
     * @throws InterruptedException when interrupted; the exchange is given up
     */
    HttpResponse send(HttpRequest request) throws TaskFailure, InterruptedException;
}
