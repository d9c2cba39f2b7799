package io.tributary.scheduler.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

    @Test
    void hasACursorOnlyWhenThereIsMore() {
        assertThat(page(List.of(1L, 2L, 3L))).isEqualTo(new Page<>(List.of(1L, 2L), Cursor.RUNS.after(2L)));
        assertThat(page(List.of(1L, 2L))).isEqualTo(new Page<>(List.of(1L, 2L), null));
        assertThat(page(List.of())).isEqualTo(new Page<>(List.of(), null));
    }

    private static Page<Long> page(List<Long> found) {
        return new PageRequest(2, null).of(found, Cursor.RUNS, position -> position);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1001})
    void refusesALimitOutOfItsRange(int limit) {
        assertThatThrownBy(() -> new PageRequest(limit, null).check()).isInstanceOf(ApiException.class);
    }
}
