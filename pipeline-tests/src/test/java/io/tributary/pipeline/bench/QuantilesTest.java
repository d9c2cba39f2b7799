package io.tributary.pipeline.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantilesTest {

    @Test
    void ranksWhateverTheOrder() {
        var quantiles = Quantiles.of(List.of(3.0, 1.0, 2.0));

        assertThat(DoubleStream.of(0, 0.5, 1).map(quantiles::at)).containsExactly(1.0, 2.0, 3.0);
    }

    @Test
    void leavesOneInAHundredAboveTheNinetyNinthPercentile() {
        var quantiles = Quantiles.of(
                IntStream.rangeClosed(1, 100).asDoubleStream().boxed().toList());

        assertThat(quantiles.at(0.99)).isEqualTo(99.0);
    }

    @Test
    void hasNoQuantileOfNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> Quantiles.of(List.of()));
    }
}
