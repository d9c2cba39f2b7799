package io.tributary.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves hosts to allowed addresses. Called from several threads. */
@FunctionalInterface
public interface Hosts {

    /**
     * Resolves a host. The caller connects to these addresses and does not resolve again, so that a name cannot lead
     * elsewhere after the check.
     *
     * @param host a name, or an address as a literal in any form, IPv6 with or without brackets
     * @return at least one
     * @throws AddressRefusedException when the host is not allowed
     * @throws UnknownHostException when it has no address
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
