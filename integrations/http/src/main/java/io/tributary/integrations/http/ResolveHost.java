package io.tributary.integrations.http;

import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses that a host may be connected at. Called from several threads. */
@FunctionalInterface
public interface ResolveHost {

    /**
     * As {@link io.tributary.integrations.api.TaskContext#resolve}.
     *
     * @param host a name, or an address as a literal in any form, IPv6 with or without brackets
     * @return at least one
     */
    List<InetAddress> resolve(String host) throws TaskFailure;
}
