package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UidSetTest {

    @Test
    void isWrittenAsRangesAndReadBack() {
        UidSet uids = UidSet.of(List.of(9L, 4L, 5L, 6L, 4_294_967_295L));

        assertThat(uids).hasToString("4:6,9,4294967295");
        assertThat(UidSet.parse(uids.toString()).list()).isEqualTo(uids.list());
        assertThat(uids.contains(5)).isTrue();
        assertThat(uids.contains(7)).isFalse();
        assertThat(uids.last()).isEqualTo(4_294_967_295L);
    }

    @Test
    void keepsTheLowestOfTooMany() {
        UidSet uids = UidSet.lowest(LongStream.iterate(5_000, uid -> uid - 1).limit(3_000));

        assertThat(uids.size()).isEqualTo(UidSet.MAX_SIZE);
        assertThat(uids).hasToString("2001:3000");
    }

    @Test
    void isSentInPiecesThatServersTake() {
        UidSet gaps = UidSet.lowest(LongStream.range(0, 1_000).map(i -> 4_000_000_000L + 2 * i));

        assertThat(gaps.commands()).hasSizeGreaterThan(1).allMatch(command -> command.length() <= 900);
        assertThat(gaps.commands().stream().flatMap(command -> UidSet.parse(command).list().stream()))
                .containsExactlyElementsOf(gaps.list());
        assertThat(UidSet.of(List.of()).commands()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1:*",
                "0",
                "-1",
                "1:4000000000",
                "1:1000,2000:3000",
                "1,,2",
                "1:2:3",
                "99999999999999999999"
            })
    void refusesWhatItDidNotWrite(String text) {
        assertThatThrownBy(() -> UidSet.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
