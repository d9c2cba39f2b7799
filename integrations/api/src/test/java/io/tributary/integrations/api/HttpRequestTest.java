package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRequestTest {

    private static final HttpRequest GET = HttpRequest.get(URI.create("https://api.example/a%20b"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            https://h/p         | https://h/p?q=a%26b%20%2F%2B%C3%A4
            https://h/p?        | https://h/p?q=a%26b%20%2F%2B%C3%A4
            https://h/p?x=1     | https://h/p?x=1&q=a%26b%20%2F%2B%C3%A4
            https://h/p?x=1#top | https://h/p?x=1&q=a%26b%20%2F%2B%C3%A4#top
            https://h           | https://h?q=a%26b%20%2F%2B%C3%A4
            """)
    void addsToTheQueryEncoded(String before, String after) {
        assertThat(HttpRequest.get(URI.create(before)).query("q", "a&b /+ä").uri())
                .isEqualTo(URI.create(after));
    }

    @Test
    void addsNoParameterWithoutAValue() {
        assertThat(GET.query("cursor", null)).isSameAs(GET);
        assertThat(GET.query("limit", 100).uri().getRawQuery()).isEqualTo("limit=100");
    }

    @Test
    void replacesAHeaderWhateverItsCase() {
        assertThat(GET.header("Accept", "a").header("ACCEPT", "b").headers()).isEqualTo(Map.of("ACCEPT", "b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nb", "a\u0000"})
    void takesNoHeaderThatWouldBecomeTwo(String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GET.header("X", value))
                .withMessageNotContaining(value);
        assertThatIllegalArgumentException().isThrownBy(() -> GET.header(value, "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length", "transfer-encoding", "Host", "Connection", "Expect", "Upgrade"})
    void leavesTheConnectionToTheClient(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> GET.header(name, "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/path", "file:///etc/passwd", "https:///path", "mailto:a@b", "https://user:secret@h/"})
    void needsAnAddressOnTheWebWithoutCredentials(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpRequest.get(URI.create(uri)))
                .withMessageNotContaining("secret");
    }

    @Test
    void keepsItsBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> GET.timeout(Duration.ofMillis(999)));
        assertThatIllegalArgumentException().isThrownBy(() -> GET.timeout(Duration.ofMinutes(11)));
        assertThatIllegalArgumentException().isThrownBy(() -> GET.maxBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> GET.maxBytes((512L << 20) + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> GET.expecting(200));
        assertThatIllegalArgumentException().isThrownBy(() -> HttpRequest.of("G T", GET.uri()));
    }

    @Test
    void postsFormsAndJson() {
        var fields = new LinkedHashMap<String, String>();
        fields.put("grant_type", "refresh token");
        fields.put("a=b", "c&d");

        HttpRequest form = HttpRequest.postForm(GET.uri(), fields);
        HttpRequest json = HttpRequest.postJson(GET.uri(), JsonObject.of("a", "ä"));

        assertThat(form.body()).asString(StandardCharsets.UTF_8).isEqualTo("grant_type=refresh%20token&a%3Db=c%26d");
        assertThat(form.headers()).containsEntry("Content-Type", "application/x-www-form-urlencoded");
        assertThat(json.body()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":\"ä\"}");
        assertThat(json.headers()).containsEntry("Content-Type", "application/json");
    }

    @Test
    void signsIn() {
        assertThat(GET.bearer(" token\n").headers()).containsEntry("Authorization", "Bearer token");
        assertThat(GET.basic("Aladdin", "open sesame").headers())
                .containsEntry("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    @Test
    void showsNoSecrets() {
        HttpRequest request = HttpRequest.postForm(URI.create("https://h:8443/token?key=secret"), Map.of("p", "secret"))
                .bearer("secret");

        assertThat(request).hasToString("POST https://h:8443/token");
    }
}
