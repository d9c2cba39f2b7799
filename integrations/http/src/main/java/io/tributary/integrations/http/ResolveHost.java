package io.tributary.integrations.http;

import io.tributary.egress.AddressRefusedException;
import io.tributary.egress.Hosts;
import io.tributary.integrations.api.TaskFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;
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

    /** Hosts whose refusals are failures of tasks. */
    static ResolveHost of(Hosts hosts) {
        return host -> {
            try {
                return hosts.resolve(host);
            } catch (AddressRefusedException e) {
                throw new TaskFailure.Misconfigured(
                        "polling.addressRefused",
                        "The host " + host + " has an address that is not public. Use a public host, or set "
                                + "tributary.http.allow-private-addresses=true on the worker.",
                        null);
            } catch (UnknownHostException e) {
                throw new TaskFailure.Transient(
                        "polling.hostUnknown", "The host " + host + " has no address: check its name.", null);
            }
        };
    }
}
