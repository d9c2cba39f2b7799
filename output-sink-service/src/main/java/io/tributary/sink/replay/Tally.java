package io.tributary.sink.replay;

/**
 * The result of a batch of a replay.
 *
 * @param matched number of records that the replay covers
 * @param queued tasks that will be executed again
 * @param skipped records of deleted runs or user integrations, and rejected records
 * @param reach offset up to which the replay has to read at least, exclusive; 0: as planned
 */
public record Tally(long matched, long inserted, long updated, long unchanged, long queued, long skipped, long reach) {

    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0);
    static final Tally REJECTED = new Tally(1, 0, 0, 0, 0, 1, 0);

    public static Tally ofRows(long inserted, long updated, long unchanged, long skipped, long reach) {
        return new Tally(inserted + updated + unchanged + skipped, inserted, updated, unchanged, 0, skipped, reach);
    }

    public static Tally ofTasks(long queued, long skipped) {
        return new Tally(queued + skipped, 0, 0, 0, queued, skipped, 0);
    }
}
