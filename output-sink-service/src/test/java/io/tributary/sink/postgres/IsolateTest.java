package io.tributary.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.sink.outage.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IsolateTest {

    private final List<Integer> written = new ArrayList<>();
    private final List<Integer> setAside = new ArrayList<>();
    private int attempted;

    @Test
    void writesAGoodBatchWhole() {
        isolate(batch(1_000), Set.of());

        assertThat(written).isEqualTo(batch(1_000));
        assertThat(attempted).isEqualTo(1_000);
    }

    @Test
    void writesTheOthersInOrderAndSetsTheRefusedAside() {
        isolate(batch(1_000), Set.of(0, 421, 422, 999));

        assertThat(setAside).containsExactly(0, 421, 422, 999);
        assertThat(written).hasSize(996).isSorted().doesNotContain(0, 421, 422, 999);
    }

    @Test
    void costsThreeTimesTheBatchForOneRefusedValue() {
        isolate(batch(1_000), Set.of(421));

        assertThat(attempted).isLessThanOrEqualTo(3_000);
    }

    @Test
    void mayRefuseEverything() {
        isolate(batch(10), new TreeSet<>(batch(10)));

        assertThat(written).isEmpty();
        assertThat(setAside).isEqualTo(batch(10));
    }

    @Test
    void splitsNothingInAnOutage() {
        assertThatThrownBy(() -> Isolate.rejected(
                        batch(8),
                        part -> {
                            attempted++;
                            throw new Unavailable("postgres", "gone", new RuntimeException());
                        },
                        (value, refusal) -> setAside.add(value)))
                .isInstanceOf(Unavailable.class);

        assertThat(attempted).isEqualTo(1);
        assertThat(setAside).isEmpty();
    }

    @Test
    void losesNothingWhateverIsRefused() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            List<Integer> batch = batch(random.nextInt(64));
            Set<Integer> refused = new TreeSet<>();
            batch.stream().filter(value -> random.nextInt(4) == 0).forEach(refused::add);
            written.clear();
            setAside.clear();

            isolate(batch, refused);

            assertThat(setAside).as("seed %d", seed).containsExactlyElementsOf(refused);
            assertThat(written)
                    .as("seed %d", seed)
                    .isEqualTo(batch.stream()
                            .filter(value -> !refused.contains(value))
                            .toList());
        }
    }

    private void isolate(List<Integer> batch, Set<Integer> refused) {
        Isolate.rejected(
                batch,
                part -> {
                    attempted += part.size();
                    if (part.stream().anyMatch(refused::contains)) {
                        throw new Rejected("refused", "22000", new RuntimeException());
                    }
                    written.addAll(part);
                },
                (value, refusal) -> setAside.add(value));
    }

    private static List<Integer> batch(int size) {
        return IntStream.range(0, size).boxed().toList();
    }
}
