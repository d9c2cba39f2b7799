package io.tributary.integrations.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.ftp.RemoteFile.Kind;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineListingTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void readsTheFactsOfAFileAndItsNameToTheLastSpace() {
        assertThat(MachineListing.file("Type=FILE;Size=12;Modify=20260102030405.250;UNIX.mode=0644;  a; b= "))
                .contains(new RemoteFile(" a; b= ", Kind.FILE, 12, TIME.plusMillis(250), false));
    }

    @ParameterizedTest
    @CsvSource({
        "type=dir, DIRECTORY",
        "type=cdir, OTHER",
        "type=pdir, OTHER",
        "type=OS.unix=slink:/etc, LINK",
        "type=OS.unix=symlink, LINK",
        "type=OS.unix=chr-13/29, OTHER",
        "size=1, FILE",
    })
    void tellsWhatItIs(String facts, Kind kind) {
        assertThat(MachineListing.file(facts + "; x"))
                .hasValueSatisfying(file -> assertThat(file.kind()).isEqualTo(kind));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "type=file;", "type=file; "})
    void passesOverWhatIsNoLine(String line) {
        assertThat(MachineListing.file(line)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026", "20261302030405", "yesterday morning"})
    void knowsNoTimeWhereThereIsNone(String time) {
        assertThat(MachineListing.time(time)).isNull();
    }
}
