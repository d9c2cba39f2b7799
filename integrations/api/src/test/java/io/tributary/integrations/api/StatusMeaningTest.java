package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusMeaningTest {

    private static final Map<String, String> QUOTA_GONE =
            Map.of("x-ratelimit-remaining", "0", "x-ratelimit-reset", "60");

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 299, 304, 400, 403, 404, 409, 410, 422, 451})
    void leavesOtherAnswersToTheIntegration(int status) {
        assertThat(meaning(status, Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "401, Unauthorized, shop.authFailed",
        "408, Transient, shop.providerFailed",
        "425, Transient, shop.providerFailed",
        "500, Transient, shop.providerFailed",
        "503, Transient, shop.providerFailed",
        "302, Transient, shop.answerUnreadable",
        "199, Transient, shop.answerUnreadable",
        "429, RetryLater, shop.rateLimited"
    })
    void namesTheFailureOfAStatus(int status, String kind, String code) {
        TaskFailure failure = meaning(status, Map.of()).orElseThrow();

        assertThat(failure.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.reason()).contains("GET https://shop.example/orders", "status " + status);
    }

    @Test
    void waitsAsTheHeadersSay() {
        assertThat(wait(429, Map.of())).isEqualTo(StatusMeaning.USUAL_WAIT);
        assertThat(wait(429, Map.of("retry-after", "0"))).isEqualTo(Duration.ofSeconds(1));
        assertThat(wait(403, Map.of("retry-after", "7"))).isEqualTo(Duration.ofSeconds(7));
        assertThat(wait(503, Map.of("retry-after", "7"))).isEqualTo(Duration.ofSeconds(7));
        assertThat(wait(403, QUOTA_GONE)).isEqualTo(Duration.ofSeconds(60));
    }

    private static Duration wait(int status, Map<String, String> headers) {
        return ((TaskFailure.RetryLater) meaning(status, headers).orElseThrow()).after();
    }

    private static Optional<TaskFailure> meaning(int status, Map<String, String> headers) {
        var limits = new RateLimitHeaders(name -> Optional.ofNullable(headers.get(name)), Instant.EPOCH);
        var request = HttpRequest.get(URI.create("https://shop.example/orders?key=secret"));
        return new StatusMeaning("shop", request, status, limits).failure();
    }
}
