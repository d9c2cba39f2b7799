package io.tributary.integrations.testkit.certify;

/** Says where an integration does not keep to the contract. */
final class Breach extends AssertionError {

    private static final long serialVersionUID = 1;

    Breach(String why) {
        super(why);
    }

    static void unless(boolean holds, String why) {
        if (!holds) {
            throw new Breach(why);
        }
    }
}
