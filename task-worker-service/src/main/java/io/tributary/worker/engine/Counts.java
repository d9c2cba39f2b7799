package io.tributary.worker.engine;

/**
 * Checks counts that must not fall below zero. A count below zero means that something ended twice, and that every
 * limit based on it is wrong from then on: the engine stops its stream thread, and the replacing thread counts anew
 * from the store.
 */
final class Counts {

    private Counts() {}

    /** @throws EndedTwiceException when there is none left */
    static int oneLess(int count, String what) {
        if (count <= 0) {
            throw new EndedTwiceException(what);
        }
        return count - 1;
    }

    /** The engine has counted the end of something twice. */
    static final class EndedTwiceException extends IllegalStateException {
        private static final long serialVersionUID = 1;

        EndedTwiceException(String what) {
            super("the count of " + what + " would fall below zero: one of them ended twice");
        }
    }
}
