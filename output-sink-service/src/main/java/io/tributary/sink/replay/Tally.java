package io.tributary.sink.replay;

/**
 * What a batch of a replay came to.
 *
 * @param matched records that the replay is about
 * @param queued tasks that will run again
 * @param skipped of runs or user integrations that are gone, or refused
 * @param reach the replay has to read up to this offset at least, exclusive; 0: as planned
 */
public record Tally(long matched, long inserted, long updated, long unchanged, long queued, long skipped, long reach) {

    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0);
    static final Tally REFUSED = new Tally(1, 0, 0, 0, 0, 1, 0);

    public static Tally ofRows(long inserted, long updated, long unchanged, long skipped, long reach) {
        return new Tally(inserted + updated + unchanged + skipped, inserted, updated, unchanged, 0, skipped, reach);
    }

    public static Tally ofTasks(long queued, long skipped) {
        return new Tally(queued + skipped, 0, 0, 0, queued, skipped, 0);
    }
}
