package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

/**
 * NoNeighbourNoise: an account with a large backlog does not delay another one on its partition. The times are the
 * benchmark's ({@code worker.neighbour_ratio}); here a neighbour that had to wait for the backlog would end after it.
 */
@AfterAStorm
class NoNeighbourNoiseIT {

    private static final int PARTITIONS = 4;
    private static final int BACKLOG = 5_000;
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void neighbourOfABacklogEndsWhileMostOfItWaits(Storm.Calm calm) {
        Api api = calm.pipeline().api(new Random(1), false);
        String noisy = api.connect("versioned", "noisy", Map.of("step", BACKLOG), Map.of());
        String neighbour = IntStream.range(0, 100)
                .mapToObj(number -> api.connect("versioned", "neighbour " + number, Map.of(), Map.of()))
                .filter(account -> partition(account) == partition(noisy))
                .findFirst()
                .orElseThrow();
        String backlog = api.trigger(noisy);
        await().atMost(LONG).until(() -> pending(api, backlog) > BACKLOG / 2);

        calm.pipeline().kill("worker", 0);
        String run = api.trigger(neighbour);
        api.awaitEnd(run, LONG);

        assertThat(pending(api, backlog)).as("of the backlog").isGreaterThan(BACKLOG / 4);
        api.post("/v1/sync-runs/" + backlog + "/cancel", Map.of());
        api.awaitEnd(backlog, LONG);
        assertThat(Stream.of(run, backlog)
                        .map(it -> api.proof(it).get("balanced").asBoolean()))
                .isEqualTo(List.of(true, true));
    }

    private static long pending(Api api, String run) {
        return api.run(run).get("tasks").get("pending").asLong();
    }

    private static int partition(String account) {
        return BuiltInPartitioner.partitionForKey(account.getBytes(StandardCharsets.UTF_8), PARTITIONS);
    }
}
