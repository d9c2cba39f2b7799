package io.tributary.sink.output;

import org.jspecify.annotations.Nullable;

/**
 * What a batch says about one row, after what it superseded itself: its newest content, the deletion after it, or both.
 *
 * <p>Newest is by the sequence of the run, then by the order of the topic. Both are kept, since a deletion marks a row
 * and leaves its content: whether the two meet in one batch or in two must make no difference.
 */
record Change(@Nullable ContentRow content, @Nullable ContentRow deletion) {

    static Change of(ContentRow row) {
        return row.isDeletion() ? new Change(null, row) : new Change(row, null);
    }

    /** The same row's next output; an older run's is superseded by what is here. */
    Change then(ContentRow next) {
        if (next.run().sequence() < newest().run().sequence()) {
            return this;
        }
        return next.isDeletion() ? new Change(content, next) : new Change(next, null);
    }

    /** The output that has the last word. */
    ContentRow newest() {
        if (deletion != null) {
            return deletion;
        }
        if (content != null) {
            return content;
        }
        throw new IllegalStateException("a change says something");
    }

    int outputs() {
        return (content == null ? 0 : 1) + (deletion == null ? 0 : 1);
    }
}
