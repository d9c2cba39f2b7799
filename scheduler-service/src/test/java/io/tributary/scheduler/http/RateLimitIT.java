package io.tributary.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.RunningScheduler;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateLimitIT {

    @TempDir
    private Path folder;

    @Test
    void refusesWhoAsksTooMuchAndNobodyElse() {
        var settings = Map.of("tributary.api.requests-per-second", "1", "tributary.api.burst", "3");
        try (var scheduler = RunningScheduler.start(folder, Database.empty(), Broker.create(), settings)) {
            var ann = scheduler.user("ann");
            int status = 200;
            for (int i = 0; i < 30 && status == 200; i++) {
                status = ann.get("/sync/platforms").status();
            }

            var refused = ann.get("/sync/platforms");

            assertThat(status).isEqualTo(429);
            if (refused.status() == 429) { // a second may have passed
                refused.expectProblem(429, "api.tooManyRequests");
                assertThat(refused.response().headers().firstValue("Retry-After"))
                        .hasValue("1");
            }
            scheduler.user("eve").get("/sync/platforms").expect(200);
            scheduler.nobody().get("/actuator/health/liveness").expect(200);
        }
    }

    @Test
    void limitsTheOAuthCallbackByAddressAndNoHealthCheck() {
        var settings = Map.of("tributary.api.anonymous-requests-per-second", "1", "tributary.api.anonymous-burst", "3");
        try (var scheduler = RunningScheduler.start(folder, Database.empty(), Broker.create(), settings)) {
            int status = 0;
            for (int i = 0; i < 30 && status != 429; i++) {
                status =
                        scheduler.nobody().get("/oauth/callback?state=s&code=c").status();
            }

            assertThat(status).isEqualTo(429);
            scheduler.user("ann").get("/sync/platforms").expect(200);
            for (int i = 0; i < 10; i++) {
                scheduler.nobody().get("/actuator/health/liveness").expect(200);
            }
        }
    }
}
