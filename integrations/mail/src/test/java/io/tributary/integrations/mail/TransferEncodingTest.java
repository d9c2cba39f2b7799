package io.tributary.integrations.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransferEncodingTest {

    private final Problems problems = new Problems();

    @Test
    void decodesBase64OverSeveralLines() {
        assertThat(decode("SGVs\r\nbG8g\r\nd29y\r\nbGQ=\r\n", "base64")).isEqualTo("Hello world");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void skipsWhatDoesNotBelongIntoBase64() {
        assertThat(decode("SGVs*bG8=", "BASE64")).isEqualTo("Hello");
        assertThat(problems.list()).containsExactly("characters in base64 that do not belong there");
    }

    @Test
    void takesBase64ThatEndsTooEarlyOrHasNoPadding() {
        assertThat(decode("SGVsbG", "base64")).isEqualTo("Hell");
        assertThat(decode("SGVsbG8", "base64")).isEqualTo("Hello");
        assertThat(problems.list()).isEmpty();
        assertThat(decode("SGVsb", "base64")).isEqualTo("Hel");
        assertThat(problems.list()).containsExactly("base64 ends too early");
    }

    @Test
    void takesPiecesOfBase64ThatWereJoined() {
        assertThat(decode("SGVsbG8=IHdvcmxk", "base64")).isEqualTo("Hello world");
    }

    @Test
    void decodesQuotedPrintable() {
        assertThat(decode("caf=C3=A9 =3D soft=\r\n break  \r\nnext=\n line\t\n", "Quoted-Printable"))
                .isEqualTo("café = soft break\r\nnext line\n");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void keepsEqualsSignsThatAreNoneOfQuotedPrintable() {
        assertThat(decode("1+1=2, =XY, =4", "quoted-printable")).isEqualTo("1+1=2, =XY, =4");
        assertThat(problems.list()).containsExactly("lone '=' in quoted-printable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7bit", "8BIT", " binary "})
    void leavesTheRestAlone(String encoding) {
        assertThat(decode("=41", encoding)).isEqualTo("=41");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void tellsOfAnEncodingItDoesNotKnow() {
        assertThat(decode("M2&5L;&\\", "x-uuencode")).isEqualTo("M2&5L;&\\");
        assertThat(problems.list()).containsExactly("unknown transfer encoding 'x-uuencode'");
    }

    @Test
    void aSizeIsThatOfWhatIsDecoded() {
        for (String content : new String[] {"SGVsbG8=", "SGVsb", "SGVsbG8=IHdvcmxk", "", "=", "*"}) {
            ByteSlice bytes = ByteSlice.of(content.getBytes(StandardCharsets.US_ASCII));
            assertThat(TransferEncoding.decodedSize(bytes, "base64", problems))
                    .isEqualTo(
                            TransferEncoding.decode(bytes, "base64", problems).length());
        }
    }

    private String decode(String content, String encoding) {
        ByteSlice decoded =
                TransferEncoding.decode(ByteSlice.of(content.getBytes(StandardCharsets.US_ASCII)), encoding, problems);
        return StandardCharsets.UTF_8.decode(decoded.buffer()).toString();
    }
}
