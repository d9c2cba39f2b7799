package io.tributary.integrations.workbench.certify;

/** What came of a check. */
public sealed interface Outcome {

    /** The integration keeps to it. @param note what a reader may want to know; may be empty */
    record Passed(String note) implements Outcome {}

    /** It does not. @param why what happened, and what should have */
    record Failed(String why) implements Outcome {}

    /** It cannot be asked of this provider. @param reason as the double gives it */
    record NotApplicable(String reason) implements Outcome {}

    /** The integration keeps to it. */
    Passed PASSED = new Passed("");
}
