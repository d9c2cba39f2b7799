package io.tributary.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicHostsTest {

    private final PublicHosts publicOnly = new PublicHosts(false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.1",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::a00:1",
                "100::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2002:a9fe:a9fe::",
                "2002:c0a8:101::1",
                "3fff::1",
                "4000::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1",
            })
    void refusesWhatIsNotPublic(String address) {
        assertThatThrownBy(() -> publicOnly.resolve(address)).isInstanceOf(AddressRefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "::ffff:8.8.8.8",
                "64:ff9b::808:808",
                "2002:808:808::1",
                "2001:4860:4860::8888",
                "2606:4700::1",
                "2a00:1450:4001::1",
            })
    void letsPublicAddressesThrough(String address) throws UnknownHostException {
        assertThat(publicOnly.resolve(address)).containsExactly(InetAddress.getByName(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2130706433", "127.1", "127.0.1", "0x7f.1", "[::1]", "[::ffff:7f00:1]"})
    void refusesLoopbackHoweverItIsWritten(String literal) {
        assertThatThrownBy(() -> publicOnly.resolve(literal)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void letsAllThroughWhereTheDeploymentSaysSo() throws Exception {
        assertThat(new PublicHosts(true).resolve("127.0.0.1")).hasSize(1);
        assertThat(new PublicHosts(true).resolve("[::1]")).hasSize(1);
    }
}
