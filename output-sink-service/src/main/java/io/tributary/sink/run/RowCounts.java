package io.tributary.sink.run;

/**
 * Outputs by their effect on rows; the sum is the number of outputs.
 *
 * @param unchanged outputs that changed no row: the same as before, superseded within the batch, or older than the row
 */
public record RowCounts(long inserted, long updated, long unchanged) {

    public static final RowCounts NONE = new RowCounts(0, 0, 0);
    public static final RowCounts INSERTED = new RowCounts(1, 0, 0);
    public static final RowCounts UPDATED = new RowCounts(0, 1, 0);

    public RowCounts plus(RowCounts more) {
        return new RowCounts(inserted + more.inserted, updated + more.updated, unchanged + more.unchanged);
    }

    /** Counts the other outputs of this total as unchanged. */
    public RowCounts completedTo(long outputs) {
        return new RowCounts(inserted, updated, outputs - inserted - updated);
    }

    public long outputs() {
        return inserted + updated + unchanged;
    }
}
