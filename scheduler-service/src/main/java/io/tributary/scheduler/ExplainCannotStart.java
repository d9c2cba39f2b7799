package io.tributary.scheduler;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why the service did not start, and what to do, in place of a stack trace. */
final class ExplainCannotStart extends AbstractFailureAnalyzer<CannotStart> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CannotStart failure) {
        return new FailureAnalysis(failure.reason(), failure.action(), failure);
    }
}
