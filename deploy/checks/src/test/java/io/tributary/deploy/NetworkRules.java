package io.tributary.deploy;

import io.tributary.deploy.NeededConnections.Place;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How network policies decide: what no policy selects is open, and policies of a pod add up. */
final class NetworkRules {

    private NetworkRules() {}

    static boolean allow(List<Manifest> policies, Place from, Place to, int port) {
        return allow(policies, "Egress", from, to, port) && allow(policies, "Ingress", to, from, port);
    }

    /** Whether the policies of one end allow the other end. */
    private static boolean allow(List<Manifest> policies, String direction, Place end, Place other, int port) {
        var selecting = policies.stream()
                .filter(policy -> end.namespace().equals("tributary"))
                .filter(policy -> types(policy).contains(direction))
                .filter(policy -> Selector.matches(policy.at("spec", "podSelector"), end.labels()))
                .toList();
        if (selecting.isEmpty()) {
            return true;
        }
        boolean egress = direction.equals("Egress");
        return selecting.stream()
                .flatMap(policy -> policy.list("spec", egress ? "egress" : "ingress").stream())
                .anyMatch(rule -> hasPort(rule, port) && hasPeer(rule, egress ? "to" : "from", other));
    }

    private static List<?> types(Manifest policy) {
        return policy.at("spec", "policyTypes") instanceof List<?> types ? types : List.of("Ingress");
    }

    private static boolean hasPort(Map<String, Object> rule, int port) {
        var ports = Manifest.asList(rule.get("ports"));
        return ports.isEmpty() || ports.stream().anyMatch(allowed -> Objects.equals(allowed.get("port"), port));
    }

    private static boolean hasPeer(Map<String, Object> rule, String key, Place place) {
        var peers = Manifest.asList(rule.get(key));
        return peers.isEmpty() || peers.stream().anyMatch(peer -> matches(peer, place));
    }

    private static boolean matches(Map<String, Object> peer, Place place) {
        var block = Manifest.asMap(peer.get("ipBlock"));
        if (!block.isEmpty()) {
            return !place.address().isEmpty()
                    && within(place.address(), Objects.toString(block.get("cidr")))
                    && !(block.get("except") instanceof List<?> except
                            && except.stream().anyMatch(part -> within(place.address(), part.toString())));
        }
        if (!place.address().isEmpty()) {
            return false;
        }
        Object namespaces = peer.get("namespaceSelector");
        boolean inNamespace = namespaces == null
                ? place.namespace().equals("tributary")
                : Selector.matches(namespaces, Map.of("kubernetes.io/metadata.name", place.namespace()));
        return inNamespace
                && (peer.get("podSelector") == null || Selector.matches(peer.get("podSelector"), place.labels()));
    }

    private static boolean within(String address, String cidr) {
        String[] parts = cidr.split("/", -1);
        int rest = 32 - Integer.parseInt(parts[1]);
        return number(address).shiftRight(rest).equals(number(parts[0]).shiftRight(rest));
    }

    private static BigInteger number(String address) {
        try {
            return new BigInteger(1, InetAddress.getByName(address).getAddress()); // digits: no look-up
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e);
        }
    }
}
