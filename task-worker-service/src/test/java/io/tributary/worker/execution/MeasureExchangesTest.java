package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.Received;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasureExchangesTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final MeasureExchanges measure = new MeasureExchanges(meters);

    @Test
    void countsExchangesByClassOfStatus() throws TaskFailure {
        for (int status : new int[] {200, 204, 304, 404, 429, 503}) {
            measure.of("cloud", request -> new Received(status, Map.of(), new byte[0]))
                    .exchange(HttpRequest.get(URI.create("https://api.example")));
        }
        var broken = measure.of("cloud", request -> {
            throw new TaskFailure.Transient("cloud.connectionFailed", "no answer", null);
        });
        assertThatThrownBy(() -> broken.exchange(HttpRequest.get(URI.create("https://api.example"))))
                .isInstanceOf(TaskFailure.class);

        assertThat(count("2xx")).isEqualTo(2);
        for (String status : new String[] {"3xx", "4xx", "429", "5xx", "failed"}) {
            assertThat(count(status)).as(status).isEqualTo(1);
        }
    }

    private long count(String status) {
        return meters.get("tributary.worker.http")
                .tag("domain", "cloud")
                .tag("status", status)
                .timer()
                .count();
    }
}
