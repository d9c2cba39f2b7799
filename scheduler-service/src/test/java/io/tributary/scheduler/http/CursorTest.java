package io.tributary.scheduler.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @Test
    void goesOnWhereAPageEnded() {
        UUID id = UUID.randomUUID();

        assertThat(Cursor.CONTENT.number(Cursor.CONTENT.after(42L), 0)).isEqualTo(42);
        assertThat(Cursor.USER_INTEGRATIONS.uuid(Cursor.USER_INTEGRATIONS.after(id), new UUID(0, 0)))
                .isEqualTo(id);
    }

    @Test
    void startsAtTheBeginningWithoutOne() {
        assertThat(Cursor.RUNS.number(null, 7)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%", "\0", "Q09OVEVOVDo", "Q09OVEVOVDotLTE", "null", "42"})
    void refusesWhatIsNone(String cursor) {
        assertThatThrownBy(() -> Cursor.CONTENT.number(cursor, 0))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        failure -> assertThat(failure.problem().status()).isEqualTo(400));
    }

    @Test
    void refusesThatOfAnotherList() {
        assertThatThrownBy(() -> Cursor.CONTENT.number(Cursor.RUNS.after(42L), 0))
                .isInstanceOf(ApiException.class);
    }

    @Test
    void refusesANumberThatIsTooLarge() {
        String cursor = Base64.getUrlEncoder().encodeToString("CONTENT:99999999999999999999".getBytes(UTF_8));

        assertThatThrownBy(() -> Cursor.CONTENT.number(cursor, 0)).isInstanceOf(ApiException.class);
    }
}
