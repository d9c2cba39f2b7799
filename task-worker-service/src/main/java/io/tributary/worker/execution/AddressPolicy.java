package io.tributary.worker.execution;

import io.tributary.integrations.api.TaskFailure;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Which hosts a plugin may connect to: public ones, unless the deployment says otherwise. A user sets the host, so
 * without this a user could reach what only the worker can. Whoever connects does so to the addresses that it returns,
 * so that a name cannot lead elsewhere after the check.
 *
 * @param allowPrivate let through every address; default false
 * @param lookUp finds the addresses of a name; default: as the operating system does
 */
public record AddressPolicy(boolean allowPrivate, LookUp lookUp) {

    /** Finds the addresses of a name, or of an address as a literal. */
    @FunctionalInterface
    public interface LookUp {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    public AddressPolicy(boolean allowPrivate) {
        this(allowPrivate, InetAddress::getAllByName);
    }

    /** As {@link io.tributary.integrations.api.TaskContext#resolve}. */
    public List<InetAddress> resolve(String host) throws TaskFailure {
        List<InetAddress> addresses;
        try {
            addresses = List.of(lookUp.addressesOf(host));
        } catch (UnknownHostException e) {
            throw new TaskFailure.Transient(
                    "polling.hostUnknown", "The host " + host + " has no address: check its name.", null);
        }
        for (InetAddress address : addresses) {
            if (!allowPrivate && !isPublic(address)) {
                throw new TaskFailure.Misconfigured(
                        "polling.addressRefused",
                        "The host " + host + " has an address that is not public. Use a public host, or set "
                                + "tributary.http.allow-private-addresses=true on the worker.",
                        null);
            }
        }
        return addresses;
    }

    /** Whether an address is of the public Internet, by the registries of RFC 6890 and its updates. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? isPublicV6(bytes) : isPublicV4(bytes, 0);
    }

    private static boolean isPublicV4(byte[] bytes, int from) {
        int a = bytes[from] & 0xff;
        int b = bytes[from + 1] & 0xff;
        int c = bytes[from + 2] & 0xff;
        boolean reserved = a == 0 // this network
                || a == 10
                || a == 127
                || a == 100 && b >= 64 && b < 128 // shared, RFC 6598
                || a == 169 && b == 254
                || a == 172 && b >= 16 && b < 32
                || a == 192 && b == 168
                || a == 192 && b == 0 && (c == 0 || c == 2) // protocol assignments, documentation
                || a == 192 && b == 88 && c == 99 // 6to4 relay
                || a == 198 && (b == 18 || b == 19) // benchmarking
                || a == 198 && b == 51 && c == 100
                || a == 203 && b == 0 && c == 113
                || a >= 224; // multicast, reserved, broadcast
        return !reserved;
    }

    private static boolean isPublicV6(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        int fourth = bytes[3] & 0xff;
        if (first == 0x20 && second == 0x02) {
            return isPublicV4(bytes, 2); // 6to4 carries an IPv4 address
        }
        if (first == 0 && second == 0x64 && third == 0xff && fourth == 0x9b) {
            return bytes[4] == 0 && bytes[5] == 0 && isPublicV4(bytes, 12); // NAT64
        }
        boolean teredoOrAssignment = first == 0x20 && second == 0x01 && third < 0x02;
        boolean documentation =
                first == 0x20 && second == 0x01 && third == 0x0d && fourth == 0xb8 || first == 0x3f && second == 0xff;
        // What is global unicast today is 2000::/3; all else is local, mapped or reserved.
        return (first & 0xe0) == 0x20 && !teredoOrAssignment && !documentation;
    }
}
