package io.tributary.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Hosts all of whose addresses are public.
 *
 * @param allowPrivate allows every address; default false
 * @param lookUp finds the addresses of a host; default: by the operating system
 */
public record PublicHosts(boolean allowPrivate, Hosts lookUp) implements Hosts {

    public PublicHosts(boolean allowPrivate) {
        this(allowPrivate, host -> List.of(InetAddress.getAllByName(host)));
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> addresses = lookUp.resolve(host);
        if (!allowPrivate && !addresses.stream().allMatch(PublicAddresses::isPublic)) {
            throw new AddressRefusedException(host);
        }
        return addresses;
    }
}
