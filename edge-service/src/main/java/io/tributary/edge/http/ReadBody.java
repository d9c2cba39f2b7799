package io.tributary.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/**
 * Reads bodies within bounds: of the size of one, of the time it takes, and of the memory of all. Memory is counted as
 * bytes arrive, so the announcement of a large body takes none. Thread safe.
 */
public final class ReadBody {

    /** Largest body, bytes. */
    public static final int MAX_BYTES = 1024 * 1024;

    private static final int CHUNK = 8 * 1024;

    private final Semaphore chunks;
    private final Duration timeout;

    /**
     * @param megabytes memory of all bodies
     * @param timeout longest time to read a body; the server's own timeout bounds each wait for further bytes, and may
     *     be added to it
     */
    public ReadBody(int megabytes, Duration timeout) {
        this.chunks = new Semaphore(megabytes * (MAX_BYTES / CHUNK));
        this.timeout = timeout;
    }

    /** Uses a body. */
    @FunctionalInterface
    public interface Use {
        void with(byte[] body) throws IOException, Refused;
    }

    /**
     * Passes the body of a request on; its memory counts as used until that ends.
     *
     * @throws Refused it is too large or too slow, or there is no memory for it
     */
    public void of(HttpServletRequest request, Use use) throws IOException, Refused {
        if (request.getContentLengthLong() > MAX_BYTES) {
            throw new Refused(EdgeProblem.BODY_TOO_LARGE);
        }
        int[] taken = {0};
        try {
            use.with(read(request.getInputStream(), taken));
        } finally {
            chunks.release(taken[0]);
        }
    }

    private byte[] read(InputStream in, int[] taken) throws IOException, Refused {
        long deadline = System.nanoTime() + timeout.toNanos();
        var body = new ByteArrayOutputStream();
        byte[] buffer = new byte[CHUNK];
        int read;
        while ((read = in.read(buffer)) >= 0) {
            if (body.size() + read > MAX_BYTES) {
                throw new Refused(EdgeProblem.BODY_TOO_LARGE);
            }
            if (body.size() + read > taken[0] * CHUNK) {
                if (!chunks.tryAcquire()) {
                    throw new Refused(EdgeProblem.BUSY);
                }
                taken[0]++;
            }
            body.write(buffer, 0, read);
            if (System.nanoTime() - deadline > 0) {
                throw new Refused(EdgeProblem.BODY_TOO_SLOW);
            }
        }
        return body.toByteArray();
    }
}
