package io.tributary.standalone.cli;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.InMemoryEngine;
import io.tributary.integrations.workbench.OutputView;
import io.tributary.integrations.workbench.TaskEnd;
import io.tributary.integrations.workbench.recording.Redaction;
import io.tributary.standalone.integration.Failure;
import io.tributary.standalone.integration.MeasureExchanges.Measured;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** For people: a paragraph a task. */
final class ShowTasksAsText implements ShowTasks {

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
            case TaskEnd.Failed failed -> show(Failure.of(failed.failure()));
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

    /** A column for each component of an output; of the content its size. */
    private void showOutputs(List<Output> items) {
        List<JsonObject> views = items.stream().map(OutputView::of).toList();
        List<String> columns = List.copyOf(views.getFirst().values().keySet());
        var table = new Table(
                columns.indexOf("metadata"),
                columns.stream().map(ShowTasksAsText::title).toArray(String[]::new));
        for (JsonObject view : views) {
            table.row(columns.stream().map(column -> cell(view, column)).toArray(String[]::new));
        }
        table.print(terminal);
    }

    private static String title(String column) {
        return switch (column) {
            case "content" -> "bytes";
            case "externalTimestamp" -> "time";
            default -> column.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        };
    }

    private String cell(JsonObject view, String column) {
        return switch (view.values().get(column)) {
            case null -> "-";
            case String text
            when column.equals("content") -> Integer.toString(text.getBytes(StandardCharsets.UTF_8).length);
            case String text when column.equals("name") -> Text.cut(clean(text), 30);
            case Map<?, ?> _ -> clean(view.object(column).toJson());
            case Object value -> clean(value.toString());
        };
    }

    private void show(Failure failure) {
        terminal.line(terminal.bad("  failed: " + failure.kind() + " " + clean(failure.code())));
        terminal.line("  " + clean(failure.message()));
        terminal.line("  " + failure.consequence());
    }

    @Override
    public void sum(InMemoryEngine.Sum sum) {
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
