package io.tributary.scheduler.http;

import io.tributary.scheduler.settings.Range;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Rate limits of one caller on one replica, and where problems lead to.
 *
 * @param requestsPerSecond in the long run, 1 to 1,000,000; default 100
 * @param burst requests at once, 1 to 1,000,000; default 500
 * @param anonymousRequestsPerSecond requests without a token from one address in the long run, 1 to 1,000,000; default
 *     10
 * @param anonymousBurst such requests at once, 1 to 1,000,000; default 100
 * @param errorsUrl URL of a page with an anchor for each error code, absolute or relative to the API; default {@value
 *     #ERRORS_URL}, which the scheduler serves
 * @param pauseByGet whether GET pauses and resumes as POST does, for clients that can do nothing else; default false
 */
@ConfigurationProperties("tributary.api")
public record ApiProperties(
        @DefaultValue("100") int requestsPerSecond,
        @DefaultValue("500") int burst,
        @DefaultValue("10") int anonymousRequestsPerSecond,
        @DefaultValue("100") int anonymousBurst,
        @DefaultValue(ERRORS_URL) String errorsUrl,
        @DefaultValue("false") boolean pauseByGet) {

    static final String ERRORS_URL = "/errors.html";

    private static final Range<Integer> REQUESTS = Range.between(1, 1_000_000, "1 to 1,000,000");

    public ApiProperties {
        REQUESTS.check(requestsPerSecond, "tributary.api.requests-per-second");
        REQUESTS.check(burst, "tributary.api.burst");
        REQUESTS.check(anonymousRequestsPerSecond, "tributary.api.anonymous-requests-per-second");
        REQUESTS.check(anonymousBurst, "tributary.api.anonymous-burst");
        if (errorsUrl.isBlank() || errorsUrl.contains("#")) {
            throw new IllegalArgumentException(
                    "tributary.api.errors-url is '" + errorsUrl + "'; it must be a URL without a fragment");
        }
    }
}
