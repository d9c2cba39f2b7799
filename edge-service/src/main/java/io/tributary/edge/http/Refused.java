package io.tributary.edge.http;

/** A request is refused. */
public final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    private final EdgeProblem problem;

    public Refused(EdgeProblem problem) {
        super(problem.code(), null, false, false);
        this.problem = problem;
    }

    public EdgeProblem problem() {
        return problem;
    }
}
