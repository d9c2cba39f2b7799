package io.tributary.sink.output;

/**
 * What became of outputs; their sum is the number of outputs.
 *
 * @param unchanged outputs that changed no row: the same as before, superseded within the batch, or older than the row
 */
record RowCounts(long inserted, long updated, long unchanged) {

    static final RowCounts NONE = new RowCounts(0, 0, 0);
    static final RowCounts INSERTED = new RowCounts(1, 0, 0);
    static final RowCounts UPDATED = new RowCounts(0, 1, 0);

    RowCounts plus(RowCounts more) {
        return new RowCounts(inserted + more.inserted, updated + more.updated, unchanged + more.unchanged);
    }

    /** With as many unchanged ones as make it this number of outputs. */
    RowCounts completedTo(long outputs) {
        return new RowCounts(inserted, updated, outputs - inserted - updated);
    }

    long outputs() {
        return inserted + updated + unchanged;
    }
}
