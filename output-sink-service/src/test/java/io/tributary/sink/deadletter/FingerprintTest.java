package io.tributary.sink.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

    @ParameterizedTest
    @CsvSource({
        "message 17 of 300 is gone, message 4 of 12 is gone",
        "no task 0f8fad5b-d9cd-469f-a165-70867728950e, no task 7c9e6679-7425-40de-944b-e07fc1f90ae7",
        "message 18c2f5a9b3d4e6f7 not found, message 18c2f5a9b3d40001 not found",
        "answered 503 after 1200 ms, answered 503 after 900 ms"
    })
    void isTheSameForTheSameCause(String one, String other) {
        assertThat(of(one)).isEqualTo(of(other)).hasSize(16);
    }

    @Test
    void tellsCausesApart() {
        String one = of("the mailbox is gone");

        assertThat(of("the folder is gone")).isNotEqualTo(one);
        assertThat(Fingerprint.of("imap.other", "imap", "download", "the mailbox is gone"))
                .isNotEqualTo(one);
        assertThat(Fingerprint.of("imap.trouble", "gmail", "download", "the mailbox is gone"))
                .isNotEqualTo(one);
        assertThat(Fingerprint.of("imap.trouble", "imap", "list", "the mailbox is gone"))
                .isNotEqualTo(one);
    }

    private static String of(String message) {
        return Fingerprint.of("imap.trouble", "imap", "download", message);
    }
}
