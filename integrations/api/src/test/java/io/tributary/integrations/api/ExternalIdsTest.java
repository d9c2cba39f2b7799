package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limit counts the bytes that the index of Postgres counts. */
class ExternalIdsTest {

    @ParameterizedTest
    @CsvSource({"a, 2048", "α, 1024", "中, 682", "😀, 512"})
    void areAllowedUpToTheirBytesWhateverTheirScript(String letter, int most) {
        String longest = letter.repeat(most);

        assertThat(Output.content(longest, "", "").externalId()).isEqualTo(longest);
        assertThat(Listing.of(List.of(longest)).externalIds()).containsExactly(longest);
    }

    @ParameterizedTest
    @CsvSource({"a, 2049, 2049", "α, 1025, 2050", "中, 1000, 3000", "😀, 513, 2052", "a, 0, 0"})
    void areRefusedWithWordsBeyondThem(String letter, int count, int bytes) {
        String id = letter.repeat(count);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Output.content(id, "", ""))
                .withMessage("an externalId has 1 to 2,048 bytes of UTF-8, not " + bytes);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Listing.of(List.of(id)))
                .withMessageEndingWith("not " + bytes);
    }
}
