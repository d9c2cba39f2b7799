package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.pipeline.plugin.TreeIntegration;
import io.tributary.pipeline.plugin.TreeNode;
import io.tributary.schemas.DeadLetter;
import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.Task;
import io.tributary.schemas.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** That the ledger finds what the test under kills is to find. */
class RunLedgerTest {

    private static final long SEED = 7;
    private static final UUID RUN = new UUID(0, SEED);

    private final Map<UUID, Long> seeds = Map.of(RUN, SEED);
    private final List<SpecificRecord> told = everything();

    @Test
    void findsNothingWhereAllIsWell() {
        var ledger = ledger();

        assertThatCode(() -> {
                    ledger.assertNothingLost(seeds);
                    ledger.assertNothingTwice(seeds);
                    ledger.assertCompletionIsProven(seeds);
                    ledger.assertOnlyFailuresAreSetAside(seeds);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void findsALostOutput() {
        told.removeFirst();

        finds(() -> ledger().assertNothingLost(seeds));
    }

    @Test
    void findsAnOutputThatCameTwice() {
        told.add(0, told.getFirst());

        finds(() -> ledger().assertNothingTwice(seeds));
    }

    @Test
    void findsAnOutputThatComesAfterTheEnd() {
        told.add(told.removeFirst());

        finds(() -> ledger().assertCompletionIsProven(seeds));
    }

    @Test
    void findsARunThatEndsTwiceOrNever() {
        told.add(told.getLast());
        finds(() -> ledger().assertCompletionIsProven(seeds));

        told.removeLast();
        told.removeLast();
        finds(() -> ledger().assertCompletionIsProven(seeds));
    }

    @Test
    void findsSumsThatAreNotTheTrees() {
        var last = (RunProgress) told.removeLast();
        told.add(RunProgress.newBuilder(last)
                .setSpawned(last.getSpawned() + 1)
                .setCompleted(last.getCompleted() + 1)
                .build());

        finds(() -> ledger().assertCompletionIsProven(seeds));
    }

    @Test
    void findsADeadLetterTooManyOrTooFew() {
        SpecificRecord letter =
                told.stream().filter(DeadLetter.class::isInstance).findFirst().orElseThrow();
        told.add(letter);
        finds(() -> ledger().assertOnlyFailuresAreSetAside(seeds));

        told.removeIf(letter::equals);
        finds(() -> ledger().assertOnlyFailuresAreSetAside(seeds));
    }

    private static void finds(ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOf(AssertionError.class);
    }

    private RunLedger ledger() {
        var ledger = new RunLedger();
        told.forEach(ledger::enter);
        return ledger;
    }

    private static List<SpecificRecord> everything() {
        var told = new ArrayList<SpecificRecord>();
        tell(new TreeNode(SEED, ""), told);
        var expected = RunLedger.Expected.of(SEED);
        told.add(RunProgress.newBuilder()
                .setRunId(RUN)
                .setUserIntegrationId(RUN)
                .setSpawned(expected.tasks() - 1)
                .setCompleted(expected.tasks() - expected.deadLetters().size())
                .setFailed(expected.deadLetters().size())
                .setOutputs(expected.outputs().size())
                .setStatus(expected.status())
                .setAt(Instant.EPOCH)
                .build());
        return told;
    }

    private static void tell(TreeNode node, List<SpecificRecord> told) {
        if (node.fate().isFailure()) {
            told.add(letter(node));
            return;
        }
        for (String id : node.outputs()) {
            told.add(Output.newBuilder()
                    .setRunId(RUN)
                    .setTaskId(RUN)
                    .setIndex(0)
                    .setUserIntegrationId(RUN)
                    .setDomain("tree")
                    .setKind(OutputKind.content)
                    .setExternalId(id)
                    .setMetadata("{}")
                    .build());
        }
        node.children().forEach(child -> tell(child, told));
    }

    private static DeadLetter letter(TreeNode node) {
        boolean isRefused = node.fate() == TreeNode.Fate.IS_REFUSED;
        return DeadLetter.newBuilder()
                .setTask(Task.newBuilder()
                        .setTaskId(RUN)
                        .setRunId(RUN)
                        .setUserIntegrationId(RUN)
                        .setUserId("user")
                        .setDomain("tree")
                        .setType("leaf")
                        .setPayload("{\"seed\":" + SEED + ",\"path\":\"" + node.path() + "\"}")
                        .setOptions("{}")
                        .setTrigger(Trigger.manual)
                        .setCreatedAt(Instant.EPOCH)
                        .build())
                .setErrorCode(isRefused ? TreeIntegration.REFUSED : TreeIntegration.WORN_OUT)
                .setMessage("No.")
                .setAttempts(isRefused ? 1 : TreeNode.ATTEMPTS)
                .setAt(Instant.EPOCH)
                .build();
    }
}
