package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.OutputView;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Outputs and failures in a report: on one line, not too long, printable. */
final class ReportText {

    private static final int MOST_CHARS = 300;

    private ReportText() {}

    static String output(@Nullable Output output) {
        return output == null ? "nothing" : text(OutputView.of(output).toJson());
    }

    static String failures(InMemoryRun run) {
        return run.failures().stream()
                .map(ReportText::failure)
                .distinct()
                .limit(3)
                .collect(Collectors.joining("; "));
    }

    static String failure(TaskFailure failure) {
        return text(failure.getClass().getSimpleName() + " " + failure.code() + ": " + failure.reason());
    }

    static String text(String text) {
        String plain = text.replaceAll("\\p{C}", "?");
        return plain.length() <= MOST_CHARS ? plain : plain.substring(0, MOST_CHARS) + "...";
    }
}
