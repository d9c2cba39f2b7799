package io.tributary.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.QueryTimeoutException;

class SqlFailureTest {

    @ParameterizedTest
    @ValueSource(strings = {"22021", "22P02", "22P05", "23502", "23514", "54000", "54001"})
    void whatPostgresSaysAboutValuesIsARefusal(String state) {
        assertThat(failure(state).isRejection()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08001", "08006", "57P01", "57P03", "53100", "53300", "40001", "40P01", "25006", "42P01", "42501",
                "55P03", "58030", "XX000"
            })
    void whatAnyOtherBatchWouldMeetIsWaitedOut(String state) {
        assertThat(failure(state).isRejection()).isFalse();
    }

    @Test
    void aFailureWithoutAStateIsWaitedOut() {
        assertThat(SqlFailure.of(new QueryTimeoutException("late")).isRejection())
                .isFalse();
        assertThat(SqlFailure.of(new SQLException("no state")).state()).isEqualTo("none");
    }

    @Test
    void quotesNoStatement() {
        var quoting = new BatchUpdateException("update content set 'secret content'", "22P02", 0, new int[0]);

        assertThat(SqlFailure.of(new RuntimeException(quoting)).message())
                .contains("22P02")
                .doesNotContain("secret");
    }

    private static SqlFailure failure(String state) {
        return SqlFailure.of(new RuntimeException(new SQLException("reason", state)));
    }
}
