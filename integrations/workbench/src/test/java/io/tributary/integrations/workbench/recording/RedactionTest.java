package io.tributary.integrations.workbench.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    private static final String SECRET = "pä ss/w\"ord+1";

    private final Redaction redaction = Redaction.of(Map.of("username", "ada.l", "password", SECRET));

    @Test
    void takesCredentialsOutOfText() {
        assertThat(redaction.text("before " + SECRET + " between ada.l after"))
                .isEqualTo("before REDACTED between REDACTED after");
    }

    @Test
    void takesThemOutOfUrlsAndForms() {
        String form = URLEncoder.encode(SECRET, StandardCharsets.UTF_8);
        String url = form.replace("+", "%20");

        assertThat(redaction.text("https://a.example/x?p=" + url + "&q=" + form))
                .isEqualTo("https://a.example/x?p=REDACTED&q=REDACTED");
        assertThat(redaction.text(
                        url.replace("%C3%A4", "%c3%a4").replace("%2F", "%2f").replace("%2B", "%2b")))
                .isEqualTo("REDACTED");
    }

    @Test
    void takesThemOutOfJson() {
        String json = JsonObject.of("echo", SECRET).toJson();

        assertThat(redaction.text(json)).isEqualTo("{\"echo\":\"REDACTED\"}");
        assertThat(redaction.text(json.replace("/", "\\/"))).isEqualTo("{\"echo\":\"REDACTED\"}");
    }

    @Test
    void takesThePairOutOfBase64() {
        assertThat(redaction.text("Basic " + base64("ada.l:" + SECRET))).isEqualTo("Basic REDACTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "xy", "user=bob\u0001auth=Bearer "})
    void leavesNothingOfThemInsideLongerBase64(String before) {
        var known = Redaction.of(Map.of("accessToken", "token-of-ada-0001"));
        String redacted = known.text(base64(before + "token-of-ada-0001" + "\u0001\u0001"));

        assertThat(redacted).contains("REDACTED").hasSizeLessThan(before.length() * 4 / 3 + 20);
    }

    @Test
    void takesOutTokensThatItWasNotTold() {
        var knowsNothing = Redaction.of(Map.of());

        assertThat(knowsNothing.text(
                        "{\"access_token\": \"at-1234567890\", \"expires_in\": 3600, \"refresh_token\":\"r\\\"t\"}"))
                .isEqualTo("{\"access_token\": \"REDACTED\", \"expires_in\": 3600, \"refresh_token\":\"REDACTED\"}");
        assertThat(knowsNothing.text("grant_type=refresh_token&refresh_token=abc&client_secret=def&scope=a"))
                .isEqualTo("grant_type=refresh_token&refresh_token=REDACTED&client_secret=REDACTED&scope=a");
        assertThat(knowsNothing.text("https://a.example/next?page=2&access_token=xyz#top"))
                .isEqualTo("https://a.example/next?page=2&access_token=REDACTED#top");
        assertThat(knowsNothing.text("again at-1234567890")).isEqualTo("again REDACTED");
    }

    @Test
    void knowsATokenByWhatItMeansHoweverItWasWritten() {
        for (String written : List.of("abc\\/def+ghi==", "abc/def\\u002Bghi==")) {
            var knowsNothing = Redaction.of(Map.of());
            knowsNothing.learn(("{\"access_token\": \"" + written + "\"}").getBytes(StandardCharsets.UTF_8));

            assertThat(knowsNothing.text("name abc/def+ghi== and ?t=abc%2Fdef%2Bghi%3D%3D"))
                    .isEqualTo("name REDACTED and ?t=REDACTED");
        }
        var knowsNothing = Redaction.of(Map.of());
        assertThat(knowsNothing.text("?access_token=abc%2Fdef%2Bghi")).isEqualTo("?access_token=REDACTED");
        assertThat(knowsNothing.text("abc/def+ghi")).isEqualTo("REDACTED");
    }

    @Test
    void takesOutASignatureWithoutLookingForItElsewhere() {
        var knowsNothing = Redaction.of(Map.of());

        assertThat(knowsNothing.text("?X-Amz-Signature=0123456789abcdef")).isEqualTo("?X-Amz-Signature=REDACTED");
        assertThat(knowsNothing).hasToString("Redaction[0 secrets]");
    }

    @Test
    void takesOutHeadersThatLogIn() {
        assertThat(redaction.header("authorization", "Token abc")).isEqualTo("REDACTED");
        assertThat(redaction.header("Set-Cookie", "session=1; Secure")).isEqualTo("REDACTED");
        assertThat(redaction.header("Private-Token", SECRET)).isEqualTo("REDACTED");
        assertThat(redaction.header("ETag", "\"17\"")).isEqualTo("\"17\"");
    }

    @Test
    void leavesOtherBytesAsTheyAre() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(Redaction.of(Map.of("apiKey", "never there")).bytes(bytes)).isEqualTo(bytes);
    }

    @Test
    void changesNothingTheSecondTime() {
        String once = redaction.text("x=" + SECRET + "&password=other");

        assertThat(redaction.text(once)).isEqualTo(once);
    }

    @Test
    void showsNoSecretOfItsOwn() {
        assertThat(redaction.toString()).isEqualTo("Redaction[3 secrets]");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
