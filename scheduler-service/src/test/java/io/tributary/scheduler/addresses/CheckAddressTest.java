package io.tributary.scheduler.addresses;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.http.Violation;
import io.tributary.scheduler.http.Violations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Where a user cannot point our servers at, however it is spelled. */
class CheckAddressTest {

    private final CheckAddress publicOnly = new CheckAddress(new HttpProperties(false));
    private final CheckAddress everything = new CheckAddress(new HttpProperties(true));

    @ParameterizedTest
    @ValueSource(
            strings = {
                // loopback, private, link-local, and what else is not public
                "http://127.0.0.1/",
                "https://127.8.9.10:8443/x",
                "http://0.0.0.0/",
                "http://10.0.0.1/",
                "http://172.16.0.1/",
                "http://172.31.255.255/",
                "http://192.168.1.1/",
                "http://100.64.0.1/",
                "http://169.254.1.1/",
                "http://192.0.2.1/",
                "http://198.18.0.1/",
                "http://198.51.100.7/",
                "http://203.0.113.7/",
                "http://224.0.0.1/",
                "http://255.255.255.255/",
                // metadata of clouds
                "http://169.254.169.254/latest/meta-data/",
                "http://metadata.google.internal/computeMetadata/v1/",
                "http://[fd00:ec2::254]/latest/",
                "http://100.100.100.200/latest/meta-data/",
                // IPv6 forms
                "http://[::1]/",
                "http://[::]/",
                "http://[0:0:0:0:0:0:0:1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://[::ffff:7f00:1]/",
                "http://[::ffff:a9fe:a9fe]/",
                "http://[::127.0.0.1]/",
                "http://[fe80::1]/",
                "http://[fe80::1%25eth0]/",
                "http://[fc00::1]/",
                "http://[fec0::1]/",
                "http://[ff02::1]/",
                "http://[2002:7f00:1::]/",
                "http://[64:ff9b::7f00:1]/",
                "http://[64:ff9b::169.254.169.254]/",
                "http://[2001::1]/",
                "http://[2001:db8::1]/",
                // IPv4 in decimal, octal, hexadecimal, short and mixed
                "http://2130706433/",
                "http://017700000001/",
                "http://0x7f000001/",
                "http://0x7f.0x0.0x0.0x1/",
                "http://0177.0.0.1/",
                "http://127.0.1/",
                "http://127.1/",
                "http://0/",
                "http://127.0.0.0x1/",
                "http://0251.0376.0251.0376/",
                "http://3232235777/",
                "http://999.1.1.1/",
                "http://8.8.8.08/",
                // names that are never public
                "http://localhost/",
                "http://LOCALHOST./",
                "http://foo.localhost/",
                "http://printer.local/",
                "http://db.internal/",
                "http://kubernetes.default.svc/",
                "http://kubernetes.default.svc.cluster.local/",
                "http://router.home.arpa/",
                "http://postgres/",
                "http://intranet:8080/",
                "http://1.0.0.127.in-addr.arpa/",
                // who reads it how
                "http://api.example.com@127.0.0.1/",
                "http://user:password@api.example.com/",
                "http://127.0.0.1\\@api.example.com/",
                "http://api.example.com\\.evil.test/",
                "http://127.0.0.1#@api.example.com/",
                "http://127.0.0.1?@api.example.com/",
                "http://api.example.com%2f@127.0.0.1/",
                "http://127%2e0%2e0%2e1/",
                "http://①②⑦.⓪.⓪.①/",
                "http://１２７.０.０.１/",
                "http://127。0。0。1/",
                "http://ｌｏｃａｌｈｏｓｔ/",
                "http://api.example.com /",
                "http://api.example.com\t/",
                "http://\u0000127.0.0.1/",
                "http://[::1/",
                "http://::1/",
                "http:///etc/passwd",
                "http:127.0.0.1",
                "http://",
                "//127.0.0.1/",
                // other protocols
                "file:///etc/passwd",
                "ftp://127.0.0.1/",
                "gopher://127.0.0.1:6379/_INFO",
                "jar:http://127.0.0.1!/",
                "javascript:alert(1)",
                "ldap://127.0.0.1/",
                "dict://127.0.0.1:11211/",
                "127.0.0.1",
                ""
            })
    void refusesAHostileUrl(String url) {
        assertThat(ofUrl(publicOnly, url)).extracting(Violation::path).containsExactly("/config/baseUrl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.github.com",
                "https://gmail.googleapis.com/gmail/v1/",
                "http://api.example.com:8080/x?y=z#f",
                "https://xn--bcher-kva.example/",
                "https://8.8.8.8/",
                "https://[2606:4700:4700::1111]/",
                "https://example.com./",
                "https://localhost.example.com/",
                "https://127.0.0.1.example.com/"
            })
    void letsAPublicUrlThrough(String url) {
        assertThat(ofUrl(publicOnly, url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "mail",
                "2130706433",
                "::1",
                "[::1]",
                "a b.test",
                "10.1.2.3",
                "a/b.test",
                "mail.test:25"
            })
    void refusesAHostileHost(String host) {
        assertThat(ofHost(host)).hasSize(1);
    }

    @Test
    void looksAtEverythingInAConfigThatSaysWhereToConnect() {
        var config = JsonMapper.shared().readTree("""
            {"baseUrl": "http://127.0.0.1/", "tokenUrl": "http://[::1]/", "host": "localhost", "folder": "INBOX",
             "deep": {"callbackUri": "http://10.0.0.1/", "list": ["http://192.168.0.1/", "plain"]}, "port": 993}
            """);
        var violations = new Violations();

        publicOnly.checkAll(config, "/config", violations);

        assertThat(violations.found())
                .extracting(Violation::path)
                .containsExactlyInAnyOrder(
                        "/config/baseUrl",
                        "/config/tokenUrl",
                        "/config/host",
                        "/config/deep/callbackUri",
                        "/config/deep/list/0");
    }

    @Test
    void letsPrivateAddressesThroughWhereTheDeploymentSaysSo() {
        for (String url : List.of("http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/")) {
            assertThat(ofUrl(everything, url)).as(url).isEmpty();
        }
        assertThat(ofUrl(everything, "file:///etc/passwd")).hasSize(1);
    }

    private static List<Violation> ofUrl(CheckAddress check, String url) {
        var violations = new Violations();
        check.checkUrl(url, "/config/baseUrl", violations);
        return violations.found();
    }

    private List<Violation> ofHost(String host) {
        var violations = new Violations();
        publicOnly.checkHost(host, "/config/host", violations);
        return violations.found();
    }
}
