package io.tributary.sink.output;

import org.jspecify.annotations.Nullable;

/** What a {@link Change} asks of its row. */
sealed interface RowWrite {

    /** The item is new, or its deletion is: a deletion leaves a row, so that an older run cannot bring the item back. */
    record Insert(ContentRow row, Run run, boolean deleted) implements RowWrite {}

    /** The item is another one than before. */
    record Rewrite(long id, ContentRow row, Run run, boolean deleted) implements RowWrite {}

    /** The item went, or came back as it was. */
    record Mark(long id, Run run, boolean deleted) implements RowWrite {}

    /** The item is as before, and an older run that is still going must not change that. */
    record Claim(long id, Run run) implements RowWrite {}

    /** The item is as before, or newer than the change. */
    record Nothing() implements RowWrite {}

    /** Decides by the sequence of runs, never by who comes first: the newest output has the last word. */
    static RowWrite decide(Change change, @Nullable StoredRow stored) {
        if (stored == null) {
            ContentRow row = change.content() != null ? change.content() : change.newest();
            return new Insert(row, change.newest().run(), change.deletion() != null);
        }
        ContentRow content = unlessOlder(change.content(), stored);
        ContentRow deletion = unlessOlder(change.deletion(), stored);
        if (content == null && deletion == null) {
            return new Nothing();
        }
        boolean deleted = deletion != null;
        Run run = change.newest().run();
        if (content != null && !content.hasHash(stored.hash())) {
            return new Rewrite(stored.id(), content, run, deleted);
        }
        if (deleted != stored.deleted()) {
            return new Mark(stored.id(), run, deleted);
        }
        return run.besideOlder() && run.sequence() > stored.runSequence() ? new Claim(stored.id(), run) : new Nothing();
    }

    private static @Nullable ContentRow unlessOlder(@Nullable ContentRow row, StoredRow stored) {
        return row != null && row.run().sequence() >= stored.runSequence() ? row : null;
    }
}
