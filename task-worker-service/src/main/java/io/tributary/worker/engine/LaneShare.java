package io.tributary.worker.engine;

import io.tributary.egress.Tenant;
import java.util.UUID;

/**
 * The threads and the memory that a lane takes from its tenant's share of the worker.
 *
 * <p>The stream thread uses it, and so do the virtual threads that execute the lane's tasks; its monitor guards the
 * tenant and the number of threads. No other monitor is taken while it is held.
 */
final class LaneShare {

    /** Until a task or a run names the tenant, the lane is a tenant by itself. */
    private Tenant tenant;
    /** Threads that execute for the lane and count in the share of its tenant. */
    private int threads;
    /** Expected size of a result of the lane, bytes: the largest of the latest results; it fades. */
    private volatile long expectedBytes = Outcome.SMALL_BYTES;

    /** Whether the stream thread starts each task of the lane: one with an effect starts once its mark is committed. */
    private volatile boolean startsOneByOne;

    LaneShare(UUID userIntegrationId) {
        this.tenant = Tenant.of("", userIntegrationId.toString());
    }

    /** Sets the tenant of the lane, unless threads count in the share of its present tenant. */
    synchronized void belongTo(Tenant tenant) {
        if (threads == 0) {
            this.tenant = tenant;
        }
    }

    synchronized Tenant tenant() {
        return tenant;
    }

    /** Counts a thread that begins to execute for the lane; returns the tenant whose share it counts in. */
    synchronized Tenant threadBegins() {
        threads++;
        return tenant;
    }

    /** Counts a thread no longer; returns the tenant whose share it counted in. */
    synchronized Tenant threadEnds() {
        threads = Counts.oneLess(threads, "threads of a lane");
        return tenant;
    }

    void startOneByOne(boolean oneByOne) {
        startsOneByOne = oneByOne;
    }

    /** Whether a thread executes one task of the lane, and takes no second one by itself. */
    boolean startsOneByOne() {
        return startsOneByOne;
    }

    /** Expected size of the next result, bytes. */
    long expectedBytes() {
        return expectedBytes;
    }

    /** Learns the size of a result, bytes. Concurrent calls may lose one, since it is an estimate. */
    void learnBytes(long bytes) {
        expectedBytes = Math.max(bytes, expectedBytes - expectedBytes / 8);
    }
}
