package io.tributary.worker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.schemas.RunError;
import io.tributary.schemas.RunSums;
import io.tributary.schemas.Task;
import io.tributary.worker.codec.Json;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.util.StdConverter;

/**
 * The stored part of a run, as JSON. Earlier and later releases read it: a new property needs a meaning for its
 * absence, and no property may change. A number that an earlier version did not save is 0.
 *
 * @param itemsRejected whether an item of a completed task was rejected
 * @param accomplished whether a task returned an output or a listing, or completed without follow-up tasks; null: an
 *     earlier version did not save it
 * @param reportedExecuting number of executing tasks that was last reported to the sink
 * @param state the run's sync state, as JSON text; null: none, or a large one that is stored apart
 * @param error the first failure, or the cause of the run's end
 * @param account the account as the provider identified it; null: not identified, or unknown
 */
record SavedRun(
        @JsonUnwrapped Identity identity,
        @JsonUnwrapped @JsonIgnoreProperties("outputsSaved") RunSums sums,
        @JsonProperty("itemsRefused") boolean itemsRejected,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean accomplished,
        @JsonUnwrapped Listed listed,
        @JsonUnwrapped Times times,
        @JsonProperty("executingTold") int reportedExecuting,

        @JsonSerialize(converter = ToText.class) @JsonDeserialize(converter = FromText.class)
        SyncState state,

        @JsonUnwrapped SavedError error,
        @Nullable SavedAccount account) {

    @SuppressWarnings("ConstantValue") // null in the store
    SavedRun {
        state = state == null ? SyncState.EMPTY : state;
    }

    /**
     * What the run is of.
     *
     * @param orgId the organisation; empty: the user alone
     * @param userId null: an earlier version did not save it
     */
    record Identity(
            UUID userIntegrationId,
            String domain,
            String syncType,
            String orgId,
            @Nullable String userId) {

        @SuppressWarnings("ConstantValue") // an earlier version saved no sync type and no organisation
        Identity {
            syncType = syncType == null ? "" : syncType;
            orgId = orgId == null ? "" : orgId;
        }
    }

    /** The run's lists. */
    record Listed(
            @JsonProperty("listed") long ids,
            @JsonProperty("listsEverything") boolean everything) {

        Listed and(Outcome.Listed more) {
            return more == Outcome.Listed.NONE ? this : new Listed(ids + more.ids(), everything || more.everything());
        }
    }

    /** When the run began, and when its last task ended, milliseconds since the epoch. */
    record Times(long begunMillis, long progressedMillis) {}

    record SavedError(
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable String errorKind) {

        static final SavedError NONE = new SavedError(null, null, null);

        static SavedError of(RunError error) {
            return new SavedError(error.getCode(), error.getMessage(), error.getKind());
        }

        /** The first failure stays. */
        SavedError or(@Nullable RunError next) {
            return errorCode == null && next != null ? of(next) : this;
        }

        @Nullable
        RunError toRunError() {
            return errorCode == null
                    ? null
                    : new RunError(errorCode, String.valueOf(errorMessage), String.valueOf(errorKind));
        }
    }

    record SavedAccount(@Nullable String id, @Nullable String displayName, String settings) {}

    static SavedRun begunBy(Task task, JsonObject state, long nowMillis) {
        return new SavedRun(
                new Identity(
                        task.getUserIntegrationId(),
                        task.getDomain(),
                        task.getSyncType(),
                        task.getOrgId(),
                        task.getUserId()),
                RunSums.BEGUN,
                false,
                false,
                new Listed(0, false),
                new Times(nowMillis, nowMillis),
                0,
                SyncState.of(state),
                SavedError.NONE,
                null);
    }

    /** For workers of an earlier version, which do not derive it. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    long pending() {
        return sums.pending();
    }

    SavedRun with(Times times) {
        return new SavedRun(
                identity, sums, itemsRejected, accomplished, listed, times, reportedExecuting, state, error, account);
    }

    SavedRun with(RunSums sums, SavedError error) {
        return new SavedRun(
                identity, sums, itemsRejected, accomplished, listed, times, reportedExecuting, state, error, account);
    }

    SavedRun with(SyncState state) {
        return new SavedRun(
                identity, sums, itemsRejected, accomplished, listed, times, reportedExecuting, state, error, account);
    }

    SavedRun withReported(int executing) {
        return new SavedRun(
                identity, sums, itemsRejected, accomplished, listed, times, executing, state, error, account);
    }

    SavedRun withCompleted(Outcome.Completed result, long nowMillis) {
        ProviderAccount found = result.account();
        return new SavedRun(
                identity,
                sums.taskCompleted(result.followUps().size(), result.outputs().size()),
                itemsRejected || result.firstRejection() != null,
                accomplished == null ? null : accomplished || accomplishes(result),
                listed.and(result.listed()),
                new Times(times.begunMillis(), nowMillis),
                reportedExecuting,
                state.patchedWith(result.statePatch()),
                error.or(result.firstRejection()),
                found == null ? account : new SavedAccount(found.getId(), found.getDisplayName(), found.getSettings()));
    }

    /** A task that only returned follow-up tasks has found work, and done none. */
    private static boolean accomplishes(Outcome.Completed result) {
        return result.followUps().isEmpty()
                || !result.outputs().isEmpty()
                || !result.listed().listings().isEmpty();
    }

    /** Whether the run brought nothing: each of its tasks failed, or only returned tasks that did. */
    boolean accomplishedNothing() {
        return accomplished == null ? sums.completed() == 0 : !accomplished;
    }

    static final class ToText extends StdConverter<SyncState, @Nullable String> {
        @Override
        public @Nullable String convert(SyncState value) {
            return value.exceeds(SyncState.MAX_INLINE_BYTES) ? null : new String(value.json(), UTF_8);
        }
    }

    static final class FromText extends StdConverter<String, SyncState> {
        @Override
        public SyncState convert(String text) {
            return SyncState.of(Json.readObject(text));
        }
    }
}
