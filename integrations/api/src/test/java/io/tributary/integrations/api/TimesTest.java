package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-03-05T09:00:00Z",
                "2026-03-05t09:00:00z",
                " 2026-03-05T09:00:00.000Z ",
                "2026-03-05T10:00:00+01:00",
                "2026-03-05T10:00:00+0100",
                "2026-03-05T10:00:00.000+01",
                "2026-03-05T09:00:00,000Z",
                "2026-03-05T09:00:00.0000000000Z",
                "2026-03-05T09:00Z",
                "2026-03-05 09:00:00",
                "2026-03-05 09:00:00 UTC",
                "2026-03-05 03:00:00 -0600",
                "2026-03-05 10:00:00+01",
                "2026/03/05 09:00:00",
                "2026-03-05_09:00:00",
                "20260305T090000Z",
                "20260305T100000+0100",
                "Thu, 05 Mar 2026 09:00:00 GMT",
                "Thu, 5 Mar 2026 04:00:00 EST",
                "Mon, 05 Mar 2026 09:00:00 +0000",
                "5 March 2026 09:00:00",
                "Thursday, 05-Mar-26 09:00:00 GMT",
                "Thu, 05-Mar-2026 09:00:00 GMT",
                "Thu Mar  5 09:00:00 2026",
                "Thu Mar 05 09:00:00 +0000 2026",
                "Thu Mar 05 2026 10:00:00 GMT+0100 (Central European Standard Time)",
                "/Date(1772701200000)/",
                "/Date(1772701200000+0100)/",
                "1772701200",
                "1772701200.000",
                "1772701200000",
                "1772701200000000",
                "1772701200000000000",
                "2026-03-05T24:00:00+15:00"
            })
    void readsTheFormsThatServersWrite(String text) {
        assertThat(Times.parse(text)).contains(Instant.parse("2026-03-05T09:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "0000-00-00 00:00:00",
                "0000-00-00",
                "2026-13-01",
                "2026-02-30T00:00:00Z",
                "2026-03-05T25:00:00Z",
                "2026-03-05T09:00:00 XYZ",
                "Thu, 05 Foo 2026 09:00:00 GMT",
                "05/03/2026",
                "99999999999999999999",
                "1e9",
                "P1D"
            })
    void takesNothingElseForATime(String text) {
        assertThat(Times.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "2016-12-31T24:00:00Z", "2017-01-01"})
    void readsALeapSecondAndMidnight(String text) {
        assertThat(Times.parse(text)).contains(Instant.parse("2017-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-05T09:00:00.123456789Z", "1772701200.123456789", "1772701200123456789"})
    void keepsNanoseconds(String text) {
        assertThat(Times.parse(text)).contains(Instant.parse("2026-03-05T09:00:00.123456789Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1.5", "1969-12-31T23:59:58.5Z"})
    void readsTimesBeforeTheEpoch(String text) {
        assertThat(Times.parse(text)).contains(Instant.ofEpochMilli(-1500));
    }
}
