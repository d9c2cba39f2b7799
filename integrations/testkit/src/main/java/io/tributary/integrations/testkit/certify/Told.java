package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.testkit.InMemoryRun;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Outputs and failures as a report tells them: on one line, not too long, printable. */
final class Told {

    private static final int MOST_CHARS = 300;

    private Told() {}

    static String output(@Nullable Output output) {
        return output == null
                ? "nothing"
                : text(output.kind() + " '" + output.name() + "' at " + output.externalTimestamp() + ": "
                        + output.content() + " " + output.metadata().toJson());
    }

    static String failures(InMemoryRun run) {
        return run.failures().stream().map(Told::failure).distinct().limit(3).collect(Collectors.joining("; "));
    }

    static String failure(TaskFailure failure) {
        return text(failure.getClass().getSimpleName() + " " + failure.code() + ": " + failure.reason());
    }

    static String text(String text) {
        String plain = text.replaceAll("\\p{C}", "?");
        return plain.length() <= MOST_CHARS ? plain : plain.substring(0, MOST_CHARS) + "...";
    }
}
