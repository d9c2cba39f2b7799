package io.tributary.integrations.workbench.certify;

/** Says where an integration does not keep to the contract. */
final class Breach extends AssertionError {

    private static final long serialVersionUID = 1;

    Breach(String why) {
        super(why);
    }

    private Breach(String where, Breach what) {
        super(where + ": " + what.getMessage(), what.getCause());
        for (Throwable suppressed : what.getSuppressed()) {
            addSuppressed(suppressed);
        }
    }

    /** The same, with where it happened in front. */
    Breach at(String where) {
        return new Breach(where, this);
    }

    static void unless(boolean holds, String why) {
        if (!holds) {
            throw new Breach(why);
        }
    }
}
