package io.tributary.scheduler.http;

/** Ends the handling of a request with a problem. */
public final class ApiException extends RuntimeException {

    private final transient Problem problem;

    public ApiException(Problem problem) {
        super(problem.code() + ": " + problem.detail());
        this.problem = problem;
    }

    /** A row that does not exist, or belongs to another user: the response is the same. */
    public static ApiException notFound() {
        return new ApiException(Problem.NOT_FOUND);
    }

    public Problem problem() {
        return problem;
    }
}
