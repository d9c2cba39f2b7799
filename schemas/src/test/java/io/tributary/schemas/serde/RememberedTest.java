package io.tributary.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RememberedTest {

    @Test
    void neverHoldsMoreThanItsBound() {
        var remembered = new Remembered<Integer, String>();
        for (int i = 0; i < 10 * Remembered.MOST; i++) {
            remembered.put(i, "value");
            assertThat(remembered.size()).isLessThanOrEqualTo(Remembered.MOST);
            assertThat(remembered.get(i)).isEqualTo("value");
        }
    }
}
