package io.tributary.scheduler;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains, instead of a stack trace, why the service did not start and how to fix it. */
final class ExplainCannotStart extends AbstractFailureAnalyzer<CannotStart> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, CannotStart failure) {
        return new FailureAnalysis(failure.reason(), failure.action(), failure);
    }
}
