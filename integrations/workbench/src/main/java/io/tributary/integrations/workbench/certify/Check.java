package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.TaskFailure;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One check of a certification. It can be run again; each run has doubles of its own. */
public record Check(Rule rule, Fixtures fixtures) {

    /** A sentence that is true of an integration that passes. */
    public String name() {
        return rule.name();
    }

    /** Runs it. Whatever the integration or the double throws is a failure. */
    public Outcome run() throws InterruptedException {
        Optional<String> whyNot = rule.whyNot().apply(fixtures.facts());
        if (whyNot.isPresent()) {
            return new Outcome.NotApplicable(whyNot.get());
        }
        try {
            return rule.body().check(fixtures);
        } catch (InterruptedException e) {
            throw e;
        } catch (Breach breach) {
            return new Outcome.Failed(breach.getMessage() + suppressedBy(breach));
        } catch (TaskFailure failure) {
            return new Outcome.Failed(ReportText.failure(failure) + suppressedBy(failure));
        } catch (Exception | AssertionError e) {
            return new Outcome.Failed(described(e) + suppressedBy(e));
        }
    }

    /** What closing the double said after that: it may be why, such as a request that it did not understand. */
    private static String suppressedBy(Throwable thrown) {
        return Stream.of(thrown.getSuppressed())
                .map(suppressed -> "; then " + described(suppressed))
                .collect(Collectors.joining());
    }

    /** The exception, and where in the integration or the double it was thrown. */
    private static String described(Throwable thrown) {
        var text = new StringBuilder(thrown.toString());
        StackTraceElement[] stack = thrown.getStackTrace();
        if (stack.length > 0) {
            text.append(" at ").append(stack[0]);
        }
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            text.append(", caused by ").append(cause);
        }
        return text.toString();
    }
}
