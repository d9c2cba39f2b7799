package io.tributary.scheduler.polling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PollingPropertiesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 10_000})
    void takesABatchSizeInItsRange(int batchSize) {
        assertThat(new PollingProperties("*/2 * * * *", batchSize).batchSize()).isEqualTo(batchSize);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 10_001})
    void refusesABatchSizeOutOfItsRange(int batchSize) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PollingProperties("*/2 * * * *", batchSize))
                .withMessageContaining("1 to 10,000");
    }

    @Test
    void refusesACycleThatNeverRuns() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PollingProperties("never", 100));
    }
}
