package io.tributary.scheduler.outbound;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Which hosts a URL that a user has set may lead to: public ones, unless the deployment says otherwise. It resolves the
 * names for the connections themselves, so that a name cannot change its address after the check.
 */
final class PublicAddresses implements DnsResolver {

    private final boolean allowPrivate;

    PublicAddresses(boolean allowPrivate) {
        this.allowPrivate = allowPrivate;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = InetAddress.getAllByName(host);
        for (InetAddress address : addresses) {
            if (!allowPrivate && !isPublic(address)) {
                throw new AddressRefusedException(host);
            }
        }
        return addresses;
    }

    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }

    /** The host has an address that is not public. */
    static final class AddressRefusedException extends UnknownHostException {
        private static final long serialVersionUID = 1;

        AddressRefusedException(String host) {
            super(host);
        }
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
