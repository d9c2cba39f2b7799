package io.tributary.sink.content;

import io.tributary.sink.run.Run;
import org.jspecify.annotations.Nullable;

/**
 * The change of one row by a batch: the newest content in the batch, the deletion after it, or both.
 *
 * <p>The sequence of the run and then the order of the topic define the newest. The change keeps content and deletion,
 * since a deletion marks a row and leaves its content: one batch or two batches must give the same row.
 */
record RowChange(@Nullable ContentRow content, @Nullable ContentRow deletion) {

    /**
     * The part of a row of the table that its next change depends on.
     *
     * @param hash hash of its content; empty if only a deletion is known
     * @param runSequence sequence of the newest run that wrote or claimed it
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never changed; rows are not compared
    record Stored(long id, byte[] hash, long runSequence, boolean deleted) {}

    /** The kind of write. */
    sealed interface Write {

        /** The item or its deletion is new: a deletion leaves a row, so that no older run restores the item. */
        record Insert(ContentRow row, Run run, boolean deleted) implements Write {}

        /** The item has changed. */
        record Rewrite(long id, ContentRow row, Run run, boolean deleted) implements Write {}

        /** The item was deleted, or restored without a change. */
        record Mark(long id, Run run, boolean deleted) implements Write {}

        /** The item has not changed, and an older run that is still live must not change it. */
        record Claim(long id, Run run) implements Write {}

        /** The item has not changed, or the row is newer than the change. */
        record Nothing() implements Write {}
    }

    static RowChange of(ContentRow row) {
        return row.deletion() ? new RowChange(null, row) : new RowChange(row, null);
    }

    /** Adds the next output of the same row; this change supersedes an output of an older run. */
    RowChange then(ContentRow next) {
        if (next.run().sequence() < newest().run().sequence()) {
            return this;
        }
        return next.deletion() ? new RowChange(content, next) : new RowChange(next, null);
    }

    /** Decides by the sequence of runs, never by the order of arrival: the newest output wins. */
    Write against(@Nullable Stored stored) {
        Run run = newest().run();
        if (stored == null) {
            return new Write.Insert(content != null ? content : newest(), run, deletion != null);
        }
        ContentRow newContent = unlessOlder(content, stored);
        boolean deleted = unlessOlder(deletion, stored) != null;
        if (newContent == null && !deleted) {
            return new Write.Nothing();
        }
        if (newContent != null && !newContent.hasHash(stored.hash())) {
            return new Write.Rewrite(stored.id(), newContent, run, deleted);
        }
        if (deleted != stored.deleted()) {
            return new Write.Mark(stored.id(), run, deleted);
        }
        return run.olderMayFollow() && run.sequence() > stored.runSequence()
                ? new Write.Claim(stored.id(), run)
                : new Write.Nothing();
    }

    /** The output that wins. */
    private ContentRow newest() {
        if (deletion != null) {
            return deletion;
        }
        if (content != null) {
            return content;
        }
        throw new IllegalStateException("a change has content or a deletion");
    }

    private static @Nullable ContentRow unlessOlder(@Nullable ContentRow row, Stored stored) {
        return row != null && row.run().sequence() >= stored.runSequence() ? row : null;
    }
}
