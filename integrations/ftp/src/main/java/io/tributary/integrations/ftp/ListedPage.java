package io.tributary.integrations.ftp;

import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the listing of a directory, as the payload of a task.
 *
 * @param generation of the sync state, that this run writes
 * @param afresh whether every file counts as new
 * @param above the sums of the listings of the directories above, the nearest one last
 * @param after the name (its bytes) after which this page starts; null: the first page
 * @param changed the groups of files that are downloaded; null: each file is compared by itself
 */
record ListedPage(
        RemotePath directory,
        long generation,
        boolean afresh,
        List<Long> above,
        @Nullable String after,
        @Nullable ChangedGroups changed) {

    static ListedPage of(JsonObject payload) {
        return new ListedPage(
                RemotePath.of(payload),
                payload.requireInteger("generation"),
                payload.bool("afresh").orElse(false),
                payload.list("above").stream().map(ListedPage::listing).toList(),
                payload.text("after").orElse(null),
                payload.has("groups") ? ChangedGroups.of(payload) : null);
    }

    private static Long listing(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("'above' is a list of numbers");
    }

    ListedPage below(RemotePath directory, long listing) {
        var aboveThat = new ArrayList<>(above);
        aboveThat.add(listing);
        return new ListedPage(directory, generation, afresh, aboveThat, null, null);
    }

    ListedPage next(String after, @Nullable ChangedGroups changed) {
        return new ListedPage(directory, generation, afresh, above, after, changed);
    }

    FollowUp followUp() {
        JsonObject payload = directory.payload().with("generation", generation).with("above", above);
        if (afresh) {
            payload = payload.with("afresh", true);
        }
        if (after != null) {
            payload = payload.with("after", after);
        }
        return new FollowUp(ListDirectory.TYPE, changed == null ? payload : changed.in(payload));
    }

    /** The groups of files that have changed. */
    record ChangedGroups(int groups, BitSet changed) {

        static ChangedGroups of(JsonObject payload) {
            return new ChangedGroups(
                    Math.toIntExact(payload.requireInteger("groups")),
                    BitSet.valueOf(Base64.getDecoder().decode(payload.requireText("changed"))));
        }

        JsonObject in(JsonObject payload) {
            return payload.with("groups", groups)
                    .with("changed", Base64.getEncoder().encodeToString(changed.toByteArray()));
        }

        boolean contains(String name) {
            return changed.get(Fingerprints.group(name, groups));
        }
    }
}
