package io.tributary.integrations.workbench.server;

import java.util.function.Predicate;

/**
 * At which requests a fault happens.
 *
 * @param which requests are counted
 * @param from the first one of those that meets it, from the injection on; 1 and up
 * @param times how many meet it, 1 and up
 */
public record When(Predicate<ReceivedRequest> which, int from, int times) {

    public When {
        if (from < 1 || times < 1) {
            throw new IllegalArgumentException("from and times are 1 and up, not " + from + " and " + times);
        }
    }

    /** At the next request. */
    public static When next() {
        return request(1);
    }

    /** At the nth request from now on, the first being 1. */
    public static When request(int number) {
        return new When(request -> true, number, 1);
    }

    /** At every request. */
    public static When always() {
        return next().times(Integer.MAX_VALUE);
    }

    /** Counts the requests of a path only. */
    public When at(String path) {
        return where(request -> request.path().equals(path));
    }

    /** Counts only such requests as these. */
    public When where(Predicate<ReceivedRequest> those) {
        return new When(which.and(those), from, times);
    }

    /** This number of times in a row. */
    public When times(int times) {
        return new When(which, from, times);
    }
}
