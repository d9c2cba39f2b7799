package io.tributary.standalone.cli;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.testkit.recording.Redaction;
import io.tributary.standalone.integration.Failure;
import io.tributary.standalone.integration.FollowTasks;
import io.tributary.standalone.integration.MeasureExchanges.Measured;
import io.tributary.standalone.integration.TaskEnd;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** For people: a paragraph a task. */
final class ShowTasksAsText implements ShowTasks {

    /** Column of the metadata: it is shown as far as there is room. */
    private static final int METADATA = 5;

    private final Terminal terminal;
    private final Redaction redaction;
    private int outputs;
    private int requests;

    ShowTasksAsText(Terminal terminal, Redaction redaction) {
        this.terminal = terminal;
        this.redaction = redaction;
    }

    @Override
    public void task(TaskEnd end, List<Measured> exchanges) {
        terminal.line(terminal.strong(end.task().type()) + " "
                + clean(end.task().payload().toJson()) + "  " + end.took().toMillis() + " ms");
        showExchanges(exchanges);
        switch (end) {
            case TaskEnd.Done done -> show(done.result());
            case TaskEnd.Failed failed -> show(failed.failure());
        }
        terminal.line();
    }

    private void showExchanges(List<Measured> exchanges) {
        requests += exchanges.size();
        for (Measured it : exchanges) {
            terminal.line("  %-6s %-3s %9d bytes %6d ms  %s"
                    .formatted(it.method(), it.ending(), it.bytes(), it.took().toMillis(), Text.printable(it.url())));
        }
    }

    private void show(TaskResult result) {
        outputs += result.outputs().size();
        if (!result.outputs().isEmpty()) {
            showOutputs(result.outputs());
        }
        for (FollowUp followUp : result.tasks()) {
            terminal.line("  follow-up " + followUp.type() + " "
                    + clean(followUp.payload().toJson()));
        }
        if (!result.listing().externalIds().isEmpty() || result.listing().everything()) {
            terminal.line("  listed " + result.listing().externalIds().size() + " items"
                    + (result.listing().everything() ? ", all there are in this run" : ""));
        }
        if (!result.statePatch().isEmpty()) {
            terminal.line("  state patch " + clean(result.statePatch().toJson()));
        }
    }

    private void showOutputs(List<Output> items) {
        var table = new Table(METADATA, "kind", "external id", "time", "name", "bytes", "metadata");
        for (Output output : items) {
            table.row(
                    output.kind().name().toLowerCase(Locale.ROOT),
                    output.externalId() == null ? "-" : clean(output.externalId()),
                    output.externalTimestamp() == null
                            ? "-"
                            : output.externalTimestamp().toString(),
                    Text.cut(clean(output.name()), 30),
                    bytes(output),
                    clean(output.metadata().toJson()));
        }
        table.print(terminal);
    }

    private static String bytes(Output output) {
        String content = output.content();
        return content == null ? "-" : Integer.toString(content.getBytes(StandardCharsets.UTF_8).length);
    }

    private void show(Failure failure) {
        terminal.line(terminal.bad("  failed: " + failure.kind() + " " + clean(failure.code())));
        terminal.line("  " + clean(failure.message()));
        terminal.line("  " + failure.consequence());
    }

    @Override
    public void sum(FollowTasks.Sum sum) {
        terminal.line(sum.done() + " tasks done, " + sum.failed() + " failed, " + outputs + " outputs, " + requests
                + " requests");
        if (sum.left() > 0) {
            terminal.line(sum.left() + " follow-up tasks not executed: --all executes them, --max-tasks N at most");
        }
        terminal.line("state " + clean(sum.state().toJson()));
    }

    private String clean(String text) {
        return Text.printable(redaction.text(text));
    }
}
