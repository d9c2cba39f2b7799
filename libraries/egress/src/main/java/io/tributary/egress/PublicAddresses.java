package io.tributary.egress;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The addresses of the public Internet, by the registries of RFC 6890 and its updates. No others may be called. */
public final class PublicAddresses {

    private static final List<Cidr> NOT_PUBLIC_V4 = table(
            "0.0.0.0/8", // this network
            "10.0.0.0/8",
            "100.64.0.0/10", // shared, RFC 6598
            "127.0.0.0/8",
            "169.254.0.0/16", // link local, metadata of clouds
            "172.16.0.0/12",
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // 6to4 relay
            "192.168.0.0/16",
            "198.18.0.0/15", // benchmarking
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/3"); // multicast, reserved, broadcast

    /** Global unicast of today; all else is local, mapped or reserved. */
    private static final Cidr GLOBAL_V6 = Cidr.parse("2000::/3");

    private static final List<Cidr> NOT_PUBLIC_V6 = table(
            "2001::/23", // Teredo, protocol assignments
            "2001:db8::/32", // documentation
            "3fff::/16"); // documentation

    /** Networks whose addresses carry one of IPv4, which counts instead. */
    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");

    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/48");

    private PublicAddresses() {}

    public static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return isPublicV4(bytes, 0);
        }
        if (SIX_TO_FOUR.contains(bytes)) {
            return isPublicV4(bytes, 2);
        }
        if (NAT64.contains(bytes)) {
            return isPublicV4(bytes, 12);
        }
        return GLOBAL_V6.contains(bytes) && NOT_PUBLIC_V6.stream().noneMatch(network -> network.contains(bytes));
    }

    private static boolean isPublicV4(byte[] bytes, int from) {
        byte[] address = Arrays.copyOfRange(bytes, from, from + 4);
        return NOT_PUBLIC_V4.stream().noneMatch(network -> network.contains(address));
    }

    private static List<Cidr> table(String... networks) {
        return Stream.of(networks).map(Cidr::parse).toList();
    }

    /**
     * A network.
     *
     * @param addressBits 32 or 128
     * @param prefix the leading bits that its addresses share, as many as it has
     */
    private record Cidr(int addressBits, int prefixBits, BigInteger prefix) {

        static Cidr parse(String text) {
            int slash = text.indexOf('/');
            byte[] address = InetAddress.ofLiteral(text.substring(0, slash)).getAddress();
            int bits = Integer.parseInt(text.substring(slash + 1));
            return new Cidr(address.length * 8, bits, new BigInteger(1, address).shiftRight(address.length * 8 - bits));
        }

        boolean contains(byte[] address) {
            return address.length * 8 == addressBits
                    && new BigInteger(1, address)
                            .shiftRight(addressBits - prefixBits)
                            .equals(prefix);
        }
    }
}
