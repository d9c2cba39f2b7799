package io.tributary.integrations.declarative;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report that the provider makes on request, before it can be downloaded.
 *
 * @param create asks for it
 * @param id applied to the body of its answer
 * @param tooLarge when the provider refuses it as too large: then each half of its window is asked for; null: never
 * @param poll asks whether it is done
 * @param done applied to the body of the answer
 * @param failed likewise, whether it will never be done; null: never
 * @param with what the download is told of the answer
 * @param every how long between two polls
 * @param deadline how long it may take
 */
record Report(
        Definition.Request create,
        Expression id,
        Definition.@Nullable Condition tooLarge,
        Definition.Request poll,
        Expression done,
        @Nullable Expression failed,
        Map<String, Expression> with,
        Duration every,
        Duration deadline) {}
