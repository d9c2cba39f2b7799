package io.tributary.sink.output;

/**
 * How many items may be deleted at once for not being on the lists of a run. More look like a fault of the provider or
 * of an account than like the truth, and wait until somebody confirms them by a run with {@code force}.
 *
 * @param maxShare of the items that were there before, above 0 and up to 1, where the integration's manifest says
 *     nothing else; default 0.5
 * @param alwaysAllowed rows that may be deleted whatever their share is, 0 and up; default 20
 */
public record DeletionBounds(double maxShare, int alwaysAllowed) {

    public static final DeletionBounds DEFAULT = new DeletionBounds(0.5, 20);

    public DeletionBounds {
        if (!(maxShare > 0 && maxShare <= 1)) {
            throw new IllegalArgumentException("maxShare is " + maxShare + "; it must be above 0 and at most 1");
        }
        if (alwaysAllowed < 0) {
            throw new IllegalArgumentException("alwaysAllowed is " + alwaysAllowed + "; it must be 0 and up");
        }
    }

    /** @param known items that were there before */
    boolean allow(long deletions, long known, double share) {
        return deletions <= alwaysAllowed || deletions <= known * share;
    }
}
