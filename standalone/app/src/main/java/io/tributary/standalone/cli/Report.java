package io.tributary.standalone.cli;

import io.tributary.standalone.api.ApiClient;
import io.tributary.standalone.api.Content;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Shows what syncs brought, and the proof that they brought all of it. */
record Report(ApiClient api, Terminal terminal) {

    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final Comparator<Content> NEWEST_FIRST = Comparator.comparing(
                    Content::externalTimestamp, Comparator.nullsLast(Comparator.<Instant>reverseOrder()))
            .thenComparing(Content::name);

    /** Of how many items the newest are shown. */
    private static final int PAGE = 200;

    /**
     * Shows what is in the database now for the account of a sync.
     *
     * @param rows how many items at most
     */
    void showContent(Session.Sync sync, int rows) throws InterruptedException {
        var page = api.content(sync.userIntegrationId(), PAGE);
        terminal.title("In Postgres: " + sync.name());
        var table = new Table(1, "when", "what", "from", "bytes");
        page.items().stream()
                .sorted(NEWEST_FIRST)
                .limit(rows)
                .forEach(item -> table.row(when(item), title(item), from(item), bytes(item)));
        table.print(terminal);
        int rest = Math.max(0, page.items().size() - rows);
        if (page.nextCursor() != null) {
            terminal.line(terminal.faint("  and more than " + rest + " others"));
        } else if (rest > 0) {
            terminal.line(terminal.faint("  and " + rest + " more"));
        }
    }

    /** Shows the sums of each run; returns whether all runs succeeded and all sums are balanced. */
    boolean showProofs(List<Session.Sync> syncs) throws InterruptedException {
        terminal.title("Proof: every task ended, every output is in Postgres");
        var table = new Table(0, "account", "status", "tasks", "done", "failed", "outputs", "rows", "proof");
        boolean complete = true;
        for (Session.Sync sync : syncs) {
            var proof = api.proof(sync.run().id());
            table.row(
                    sync.name(),
                    sync.run().status(),
                    Long.toString(proof.spawned() + 1),
                    Long.toString(proof.completed()),
                    Long.toString(proof.failed()),
                    Long.toString(proof.outputs()),
                    Long.toString(proof.rows()),
                    proof.balanced() ? "balanced" : "NOT BALANCED");
            complete &= proof.balanced() && sync.run().hasSucceeded();
        }
        table.print(terminal);
        syncs.forEach(this::showError);
        return complete;
    }

    private void showError(Session.Sync sync) {
        var error = sync.run().error();
        if (error != null) {
            String message = error.message() == null ? "" : ": " + Text.printable(error.message());
            terminal.line(terminal.bad("  " + sync.name() + " " + sync.run().status() + ", " + error.code() + message));
        }
    }

    private static String when(Content item) {
        return item.externalTimestamp() == null ? "-" : WHEN.format(item.externalTimestamp());
    }

    private static String title(Content item) {
        return item.name().isBlank() ? "(" + item.externalId() + ")" : item.name();
    }

    /** The sender, where the integration says so as mail does: a name or an address. */
    private static String from(Content item) {
        if (item.metadata() == null) {
            return "";
        }
        var sender = item.metadata().path("from").path(0);
        return sender.path("name").asString(sender.path("address").asString(""));
    }

    /** As the integration counted them; otherwise what the content takes in UTF-8. */
    private static String bytes(Content item) {
        if (item.metadata() != null && item.metadata().path("size").isIntegralNumber()) {
            return item.metadata().path("size").asString();
        }
        return item.content() == null ? "-" : Integer.toString(item.content().getBytes(StandardCharsets.UTF_8).length);
    }
}
