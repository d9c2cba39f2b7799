package io.tributary.integrations.sockets;

import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.util.List;

/** Connects to a server that has several addresses: to the first one that works. */
public final class TryAddresses {

    /** Most addresses of a host that are tried. */
    private static final int MAX_ADDRESSES = 4;

    /** Connects to one address. */
    public interface Connect<C> {
        C connect(InetAddress address) throws TaskFailure, InterruptedException;
    }

    private TryAddresses() {}

    /**
     * @throws TaskFailure the first failure that another address would not mend, or else that of the first address,
     *     with those of the others suppressed
     */
    public static <C> C inOrder(List<InetAddress> addresses, ConnectionFailures failures, Connect<C> connect)
            throws TaskFailure, InterruptedException {
        TaskFailure first = null;
        for (InetAddress address : addresses.subList(0, Math.min(addresses.size(), MAX_ADDRESSES))) {
            try {
                return connect.connect(address);
            } catch (TaskFailure.Transient failure) {
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        throw first == null ? failures.unreachable("has no address", null) : first;
    }
}
