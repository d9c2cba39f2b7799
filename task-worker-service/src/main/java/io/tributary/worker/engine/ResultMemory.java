package io.tributary.worker.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the memory of results that wait for the stream threads of a worker, in bytes. A task reserves what the last
 * results of its lane took before it is executed, and corrects it by what its own result takes. So memory stays bounded
 * when the broker is slow, also with large items. Thread safe.
 */
public final class ResultMemory {

    private static final long LEAST_BYTES = 32L * 1024 * 1024;
    private static final int SHARE_OF_HEAP = 8;

    private final long mostBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private long usedBytes;

    /** @param mostBytes 1 and up */
    public ResultMemory(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** An eighth of the heap, at least 32 MB. */
    public static ResultMemory ofThisProcess() {
        return new ResultMemory(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP));
    }

    /** Bytes in use, of all partitions. */
    long usedBytes() {
        lock.lock();
        try {
            return usedBytes;
        } finally {
            lock.unlock();
        }
    }

    /** The share of one partition, which also bounds the number of its results. */
    Share share(int mostResults) {
        return new Share(mostResults);
    }

    /** The results of one partition. */
    final class Share {
        private final int mostResults;
        private int results;
        private long bytes;
        private boolean closed;

        private Share(int mostResults) {
            this.mostResults = mostResults;
        }

        /**
         * Reserves room for a result, after a wait if need be. A partition without results always gets room, so that
         * none waits for another one, and a result that is larger than everything finds its turn.
         *
         * @param expectedBytes 0 and up
         * @return false when the share is closed
         * @throws InterruptedException when interrupted while it waits
         */
        boolean reserve(long expectedBytes) throws InterruptedException {
            lock.lock();
            try {
                while (!closed && !fits(expectedBytes)) {
                    room.await(100, TimeUnit.MILLISECONDS); // a release wakes one thread only
                }
                if (closed) {
                    return false;
                }
                results++;
                add(expectedBytes);
                return true;
            } finally {
                lock.unlock();
            }
        }

        private boolean fits(long expectedBytes) {
            return results == 0 || (results < mostResults && usedBytes + expectedBytes <= mostBytes);
        }

        /** A result takes another amount than was reserved. */
        void correct(long moreBytes) {
            lock.lock();
            try {
                if (!closed) {
                    add(moreBytes);
                }
            } finally {
                lock.unlock();
            }
        }

        /** A result has been settled. */
        void release(long ofBytes) {
            lock.lock();
            try {
                if (!closed) {
                    results = Counts.oneLess(results, "results of a partition");
                    add(-ofBytes);
                    room.signal();
                }
            } finally {
                lock.unlock();
            }
        }

        /** Gives back everything; nothing is reserved from now on. */
        void close() {
            lock.lock();
            try {
                usedBytes -= bytes;
                bytes = 0;
                closed = true;
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }

        private void add(long more) {
            bytes += more;
            usedBytes += more;
        }
    }
}
