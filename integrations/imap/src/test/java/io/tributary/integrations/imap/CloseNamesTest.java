package io.tributary.integrations.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CloseNamesTest {

    private static final List<String> FOLDERS =
            List.of("INBOX", "INBOX.Archive.2026", "Sent", "Drafts", "Trash", "Junk", "Sent Items", "Notes");

    @Test
    void seesThroughCaseAndSeparators() {
        assertThat(CloseNames.to("inbox/archive/2026", FOLDERS).getFirst()).isEqualTo("INBOX.Archive.2026");
        assertThat(CloseNames.to("Archive/2026", FOLDERS).getFirst()).isEqualTo("INBOX.Archive.2026");
        assertThat(CloseNames.to("sent", FOLDERS)).startsWith("Sent", "Sent Items");
    }

    @Test
    void namesFiveAtMost() {
        assertThat(CloseNames.to("nothing like it", FOLDERS)).hasSize(5);
        assertThat(CloseNames.to("x", List.of())).isEmpty();
    }
}
