package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "*.csv, a.csv",
                "*.csv, x/y/a.csv",
                "\"*.{csv,txt}\", x/a.txt",
                "\"{a,b{c,d}}.txt\", bd.txt",
                "x/*.csv, x/a.csv",
                "x/**, x/y/z",
                "**/z, x/y/z",
                "**/z, z",
                "x/**/z, x/z",
                "x/**/y/**/z, x/a/y/b/y/c/z",
                "/in/x/*.csv, x/a.csv",
                "/x/*.csv, x/a.csv",
                "a?c, abc",
                "[a-c]x, bx",
                "[!a-c]x, dx",
                "\\*, *",
                "*, .hidden",
                "tmp/**, tmp",
                "日*, 日本",
            })
    void matches(String pattern, String path) {
        assertThat(Glob.of(pattern).matches(path, "/in/" + path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        *.csv, a.CSV
        *.csv, a.csv.gz
        x/*.csv, a.csv
        x/*.csv, x/y/a.csv
        x/*.csv, z/x/a.csv
        /other/*.csv, x/a.csv
        a?c, ac
        [a-c]x, dx
        \\*, a
        **/z, x/y/zz
        """)
    void doesNotMatch(String pattern, String path) {
        assertThat(Glob.of(pattern).matches(path, "/in/" + path)).isFalse();
    }

    @Test
    void takesLittleTimeForTheWorstPattern() {
        Glob glob = Glob.of("*a".repeat(100) + "b");

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(glob.matches("a".repeat(255), "/")).isFalse());
    }

    @Test
    void refusesPatternsWithoutBound() {
        assertThatThrownBy(() -> Glob.of("{a,b}".repeat(20))).isInstanceOf(IllegalArgumentException.class);
    }
}
