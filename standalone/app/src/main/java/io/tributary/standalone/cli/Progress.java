package io.tributary.standalone.cli;

import io.tributary.standalone.api.SyncRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Shows how far syncs are: bars that are redrawn on a terminal; elsewhere lines, one a second at most and only when
 * something changed.
 */
final class Progress {

    private static final long PLAIN_INTERVAL_NANOS = 1_000_000_000;
    private static final int NAME_COLUMNS = 12;
    private static final int BAR_COLUMNS = 20;

    private final Terminal terminal;
    private final Map<String, String> printed = new HashMap<>();
    private long printedNanos;

    Progress(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Shows the syncs as they are now.
     *
     * @param nowNanos of {@link System#nanoTime}
     */
    void show(List<Session.Sync> syncs, long nowNanos) {
        if (terminal.isLive()) {
            terminal.draw(syncs.stream().map(this::bar).toList());
        } else if (printed.isEmpty()
                || syncs.stream().noneMatch(Session.Sync::isLive)
                || nowNanos - printedNanos >= PLAIN_INTERVAL_NANOS) {
            syncs.forEach(this::printChanged);
            printedNanos = nowNanos;
        }
    }

    /** {@code imap  ██████░░░░  21/43 tasks  40 outputs  35/s  0:02 left}. */
    private String bar(Session.Sync sync) {
        var run = sync.run();
        String head = "  " + Text.fit(sync.name(), NAME_COLUMNS) + " ";
        int filled = (int) (BAR_COLUMNS * run.done() / run.known());
        String tail = " " + figures(sync) + "  " + (run.isLive() ? ending(sync) : run.status());
        return head
                + paint(run, "█".repeat(filled))
                + terminal.faint("░".repeat(BAR_COLUMNS - filled))
                + Text.cut(tail, terminal.columns() - Text.width(head) - BAR_COLUMNS);
    }

    private void printChanged(Session.Sync sync) {
        String text = "  " + Text.pad(sync.name(), NAME_COLUMNS) + " " + figures(sync) + "  "
                + sync.run().status();
        if (!text.equals(printed.put(sync.name(), text))) {
            terminal.line(text);
        }
    }

    private static String figures(Session.Sync sync) {
        var run = sync.run();
        return "%d/%d tasks  %d outputs  %.0f/s".formatted(run.done(), run.known(), run.outputs(), sync.rate());
    }

    private static String ending(Session.Sync sync) {
        if (sync.run().throttledUntil() != null) {
            return "throttled";
        }
        long left = secondsLeft(sync);
        return left < 0 ? "" : "%d:%02d left".formatted(left / 60, left % 60);
    }

    /** Until the known tasks are done; -1 when nobody knows. */
    private static long secondsLeft(Session.Sync sync) {
        var run = sync.run();
        if (run.etaSeconds() != null) {
            return run.etaSeconds();
        }
        return sync.rate() > 0 ? Math.round((run.known() - run.done()) / sync.rate()) : -1;
    }

    private String paint(SyncRun run, String bar) {
        return run.isLive() || run.hasSucceeded() ? terminal.good(bar) : terminal.bad(bar);
    }
}
