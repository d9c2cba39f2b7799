package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The engine takes no result that breaks a limit; the failure says which, and what to do. */
class TaskResultTest {

    private static final Manifest MANIFEST = Manifest.builder("shop", "1.0.0", "Shop")
            .syncType("default", "listOrders", Duration.ofMinutes(5))
            .lists("listOrders")
            .downloads("fetchOrder")
            .build();

    @Test
    void takesAResultAtTheLimits() throws Exception {
        var order = new FollowUp("fetchOrder", payloadOf(TaskResult.MAX_PAYLOAD_BYTES));
        var result = TaskResult.ofOutputs(Collections.nCopies(TaskResult.MAX_OUTPUTS, Output.content("1", "", "")))
                .withTasks(Collections.nCopies(3, order))
                .withListing(Listing.of(Collections.nCopies(TaskResult.MAX_LISTED, "1")));

        assertThat(TaskResult.check(result, MANIFEST)).isSameAs(result);
    }

    @Test
    void takesNoNull() {
        assertRejected(null, "polling.taskResultInvalid", "returned null");
    }

    @Test
    void takesNoMoreItemsThanTheMost() {
        var followUp = FollowUp.of("fetchOrder", "id", 1);

        assertRejected(
                TaskResult.ofOutputs(Collections.nCopies(10_001, Output.content("1", "", ""))),
                "polling.taskResultTooLarge",
                "10001 outputs; the most is 10000. Page instead.");
        assertRejected(
                TaskResult.ofTasks(Collections.nCopies(10_001, followUp)),
                "polling.taskResultTooLarge",
                "10001 follow-up tasks; the most is 10000. Page instead.");
        assertRejected(
                TaskResult.nothing().withListing(Listing.of(Collections.nCopies(10_001, "1"))),
                "polling.taskResultTooLarge",
                "listed 10001 items; the most is 10000. Page instead.");
    }

    @Test
    void takesOnlyDeclaredTaskTypes() {
        assertRejected(
                TaskResult.ofTasks(List.of(FollowUp.of("dance", "id", 1))),
                "polling.invalidTaskType",
                "type dance, which the manifest does not declare; it declares listOrders, fetchOrder.");
    }

    @Test
    void countsPayloadsInBytesOfUtf8() {
        var text = "ü".repeat(TaskResult.MAX_PAYLOAD_BYTES / 2);

        assertRejected(
                TaskResult.ofTasks(List.of(FollowUp.of("fetchOrder", "id", text))),
                "polling.taskPayloadTooLarge",
                "65545 bytes; the most is 65536. Keep it to ids.");
        assertThat(JsonObject.of("id", "ü\n").jsonBytes()).isEqualTo("{\"id\":\"..\\n\"}".length());
    }

    @Test
    void checksWhatAManifestDeclares() {
        var noSyncType = Manifest.builder("shop", "1.0.0", "Shop").lists("listOrders");

        assertThatThrownBy(noSyncType::build).hasMessageContaining("no sync type");
        assertThat(MANIFEST.limits()).isEqualTo(Limits.builder().build()).isEqualTo(Limits.DEFAULT);
        assertThat(MANIFEST.taskTypes())
                .containsExactly(Manifest.TaskType.list("listOrders"), Manifest.TaskType.download("fetchOrder"));
    }

    private static JsonObject payloadOf(int bytes) {
        return JsonObject.of("id", "x".repeat(bytes - "{\"id\":\"\"}".length()));
    }

    private static void assertRejected(@Nullable TaskResult result, String code, String message) {
        var failure = catchThrowableOfType(TaskFailure.Permanent.class, () -> TaskResult.check(result, MANIFEST));
        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure).hasMessageContaining(message);
    }
}
