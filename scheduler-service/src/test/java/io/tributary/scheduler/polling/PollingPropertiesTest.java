package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PollingPropertiesTest {

    private static final Duration INTERVAL = Duration.ofMillis(200);

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void takesABatchSizeInItsRange(int batchSize) {
        assertThat(new PollingProperties("*/2 * * * *", INTERVAL, batchSize).batchSize())
                .isEqualTo(batchSize);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 10_001})
    void refusesABatchSizeOutOfItsRange(int batchSize) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PollingProperties("*/2 * * * *", INTERVAL, batchSize))
                .withMessageContaining("1 to 10,000");
    }

    @Test
    void refusesACycleThatNeverRuns() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PollingProperties("never", INTERVAL, 100));
    }

    @Test
    void hasCyclesFollowEachOtherWhereNoCronSaysOtherwise() {
        assertThat(new PollingProperties(" ", INTERVAL, 100).cron()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.009S", "PT1H0.001S"})
    void refusesAnIntervalOutOfItsRange(Duration interval) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PollingProperties(null, interval, 100))
                .withMessageContaining("10 ms to 1 h");
    }
}
