package io.tributary.pipeline.bench;

import io.tributary.schemas.Output;
import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunProgress;
import io.tributary.schemas.RunStatus;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * What a worker says of a mailbox: items of about 1 KB, the same ones each time, and how far its run is.
 *
 * @param poisonEvery one of so many items of a mailbox is one that Postgres does not take, in each mailbox another one;
 *     0: none is
 */
record MailOutputs(long seed, int poisonEvery) {

    static final int CONTENT_CHARACTERS = 1_024;

    /** Longer than an index can hold, and made so that it cannot be compressed. */
    private static final int POISONED_ID_CHARACTERS = 8_000;

    private static final int BASE = 36;
    private static final int WORD_VALUES = 1 << 20;
    private static final long FIRST_SECOND = 1_700_000_000L;

    boolean isPoison(UUID userIntegration, int item) {
        return poisonEvery > 0 && Math.floorMod(userIntegration.hashCode() + item, poisonEvery) == 0;
    }

    Output item(UUID userIntegration, UUID run, int item) {
        var random = new SplittableRandom(seed * 31 + item);
        return Output.newBuilder()
                .setRunId(run)
                .setTaskId(run)
                .setIndex(item)
                .setUserIntegrationId(userIntegration)
                .setDomain("gmail")
                .setKind(OutputKind.content)
                .setExternalId(
                        isPoison(userIntegration, item)
                                ? text(random, POISONED_ID_CHARACTERS)
                                : Long.toHexString(random.nextLong()))
                .setExternalTimestamp(Instant.ofEpochSecond(FIRST_SECOND + item))
                .setName("subject " + item)
                .setContent(text(random, CONTENT_CHARACTERS))
                .setMetadata("{\"item\":" + item + ",\"from\":\"a@mail.example\",\"labels\":[\"INBOX\",\"UNREAD\"]}")
                .build();
    }

    /** After so many items, of so many. */
    static RunProgress progress(UUID userIntegration, UUID run, int saved, int of) {
        return RunProgress.newBuilder()
                .setRunId(run)
                .setUserIntegrationId(userIntegration)
                .setSpawned(saved)
                .setCompleted(saved == of ? saved + 1L : saved)
                .setFailed(0)
                .setOutputs(saved)
                .setStatus(saved == of ? RunStatus.succeeded : RunStatus.running)
                .setAt(Instant.now())
                .build();
    }

    private static String text(SplittableRandom random, int characters) {
        var text = new StringBuilder(characters);
        while (text.length() < characters) {
            text.append(Integer.toString(random.nextInt(WORD_VALUES), BASE)).append(' ');
        }
        return text.substring(0, characters);
    }
}
