package io.tributary.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTextTest {

    private static final String TEXT = "{\"a\":\"Größe\"}";

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "windows-1252", "UTF-8", "UTF-16BE", "UTF-16LE"})
    void readsTheCharsetThatIsNamed(String charset) {
        byte[] body = TEXT.getBytes(Charset.forName(charset));

        assertThat(BodyText.of(body, Optional.of("text/plain; Charset=\"" + charset + "\"")))
                .isEqualTo(TEXT);
        assertThat(BodyText.ofJson(body, Optional.of("application/json;charset=" + charset)))
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE"})
    void believesAByteOrderMarkMoreThanAName(String charset) {
        byte[] body = ("\ufeff" + TEXT).getBytes(Charset.forName(charset));

        assertThat(BodyText.of(body, Optional.of("text/plain; charset=iso-8859-1")))
                .isEqualTo(TEXT);
        assertThat(BodyText.ofJson(body, Optional.empty())).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({"text/plain; charset=no-such", "text/plain; charset=", "text/plain; charset=%$", "nonsense"})
    void takesUtf8WhereNoKnownCharsetIsNamed(String contentType) {
        assertThat(BodyText.of(TEXT.getBytes(StandardCharsets.UTF_8), Optional.of(contentType)))
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iso-8859-1", "utf-16", "windows-1252", "no-such"})
    void readsJsonAsUtf8UnderAWrongName(String wrong) {
        byte[] body = TEXT.getBytes(StandardCharsets.UTF_8);

        assertThat(BodyText.ofJson(body, Optional.of("application/json; charset=" + wrong)))
                .isEqualTo(TEXT);
    }

    @Test
    void replacesWhatIsMalformed() {
        byte[] body = {'"', (byte) 0xff, '"'};

        assertThat(BodyText.ofJson(body, Optional.empty())).isEqualTo("\"\ufffd\"");
        assertThat(BodyText.of(body, Optional.empty())).isEqualTo("\"\ufffd\"");
    }
}
