package io.tributary.scheduler.runs;

import io.tributary.scheduler.accounts.Account;
import io.tributary.schemas.Trigger;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run to queue.
 *
 * @param id null: a new one
 * @param options JSON object as text
 * @param first first task of the run; null: the initial task of the sync type
 */
public record NewRun(
        @Nullable UUID id,
        Account account,
        String syncType,
        Trigger trigger,
        String options,
        @Nullable FirstTask first) {

    /**
     * The first task of a run.
     *
     * @param payload JSON object as text
     */
    public record FirstTask(String type, String payload) {

        /** A task without a payload. */
        public FirstTask(String type) {
            this(type, "{}");
        }
    }

    /** A run with the initial task of its sync type. */
    public static NewRun of(Account account, String syncType, Trigger trigger) {
        return new NewRun(null, account, syncType, trigger, "{}", null);
    }

    public NewRun withId(UUID newId) {
        return new NewRun(newId, account, syncType, trigger, options, first);
    }

    public NewRun withOptions(String newOptions) {
        return new NewRun(id, account, syncType, trigger, newOptions, first);
    }

    public NewRun beginningWith(FirstTask newFirst) {
        return new NewRun(id, account, syncType, trigger, options, newFirst);
    }
}
