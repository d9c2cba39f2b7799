package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.standalone.api.SyncRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final long SECOND = 1_000_000_000;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void redrawsABarOnATerminal() {
        var progress = new Progress(Terminal.of(out, 80, false));
        progress.show(List.of(sync("running", 20, 9, Duration.ofSeconds(2))), 0);
        progress.show(List.of(sync("succeeded", 20, 21, Duration.ofSeconds(4))), SECOND);
        assertThat(printed())
                .isEqualTo("  mailbox      ████████░░░░░░░░░░░░ 9/21 tasks  8 outputs  5/s  0:03 left\u001b[K\n"
                        + "\u001b[1A"
                        + "  mailbox      ████████████████████ 21/21 tasks  20 outputs  5/s  succeeded\u001b[K\n");
    }

    @Test
    void printsALineASecondElsewhereAndTheLastInAnyCase() {
        var progress = new Progress(Terminal.plain(out));
        progress.show(List.of(sync("queued", 0, 0, Duration.ZERO)), 0);
        progress.show(List.of(sync("running", 20, 3, Duration.ofSeconds(1))), SECOND / 2);
        progress.show(List.of(sync("running", 20, 10, Duration.ofSeconds(2))), SECOND);
        progress.show(List.of(sync("running", 20, 10, Duration.ofSeconds(2))), 2 * SECOND);
        progress.show(List.of(sync("succeeded", 20, 21, Duration.ofSeconds(3))), 2 * SECOND + 1);
        assertThat(printed()).isEqualTo("""
              mailbox      0/1 tasks  0 outputs  0/s  queued
              mailbox      10/21 tasks  9 outputs  5/s  running
              mailbox      21/21 tasks  20 outputs  7/s  succeeded
            """);
    }

    private static Session.Sync sync(String status, long spawned, long completed, Duration elapsed) {
        var tasks = new SyncRun.Tasks(spawned, completed, 0, spawned + 1 - completed);
        long outputs = Math.max(0, completed - 1);
        var run = new SyncRun("r", status, tasks, outputs, outputs, null, null, null, null, null);
        return new Session.Sync("mailbox", "u", run, elapsed);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
