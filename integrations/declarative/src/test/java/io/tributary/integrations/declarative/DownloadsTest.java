package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.declarative.Downloads.Downloaded;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DownloadsTest {

    @Test
    void deletesWhatWasReadOrReplacedAndTheRestAtTheEnd() throws IOException {
        var downloads = new Downloads();
        try (downloads) {
            Downloaded read = downloads.keep("read", new Downloaded(downloads.create(), "a"));
            Downloaded replaced = downloads.keep("other", new Downloaded(downloads.create(), "b"));
            Downloaded rest = downloads.keep("other", new Downloaded(downloads.create(), "c"));

            downloads.drop("read");

            assertThat(downloads.find("read")).isNull();
            assertThat(downloads.find("other")).isEqualTo(rest);
            assertThat(read.path()).doesNotExist();
            assertThat(replaced.path()).doesNotExist();
            downloads.close();
            assertThat(rest.path()).doesNotExist();
        }
    }
}
