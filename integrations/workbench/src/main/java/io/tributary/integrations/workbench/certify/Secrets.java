package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.InMemoryRun;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The values of credentials that are secret, in the forms in which they could get out. */
record Secrets(List<String> forms) {

    /** Keys whose values others may see, or see anyway. */
    private static final Set<String> PUBLIC = Set.of("username", "clientId", "expiresAt");

    /** Refuses credentials of which none is secret: with them, nothing could be found. */
    static Secrets of(Map<String, String> credentials) {
        List<String> forms = credentials.entrySet().stream()
                .filter(entry -> !PUBLIC.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .flatMap(Secrets::formsOf)
                .distinct()
                .toList();
        Breach.unless(!forms.isEmpty(), "the manifest asks for credentials, and the double's have no secret");
        return new Secrets(forms);
    }

    private static Stream<String> formsOf(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                secret,
                URLEncoder.encode(secret, StandardCharsets.UTF_8),
                Base64.getEncoder().encodeToString(bytes),
                // Inside JSON, a quote is written with a backslash.
                JsonObject.of("s", secret).toJson().replaceAll("^\\{\"s\":\"|\"}$", ""));
    }

    void mustNotBeIn(InMemoryRun run) {
        run.outputs().forEach(output -> mustNotBeIn("an output", textOf(output)));
        run.tasks().forEach(task -> mustNotBeIn("the payload of " + task.type(), textOf(task)));
        mustNotBeIn("the sync state", run.state().toJson());
        run.failures().forEach(this::mustNotBeIn);
    }

    private void mustNotBeIn(TaskFailure failure) {
        mustNotBeIn("the message of " + failure.code(), failure.reason());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            mustNotBeIn("a cause of " + failure.code(), cause.toString());
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            mustNotBeIn("what " + failure.code() + " suppressed", suppressed.toString());
        }
    }

    private void mustNotBeIn(String what, String text) {
        // The secret itself is not repeated: reports are read by more people than credentials are.
        Breach.unless(forms.stream().noneMatch(text::contains), what + " holds a credential");
    }

    private static String textOf(Output output) {
        return output.externalId() + " " + output.name() + " " + output.content() + " "
                + output.metadata().toJson() + " "
                + (output.unified() == null ? "" : output.unified().toJson().toJson());
    }

    private static String textOf(Task task) {
        return task.type() + " " + task.payload().toJson();
    }
}
