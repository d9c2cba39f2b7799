package io.tributary.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StorableTextTest {

    private static final String EMOJI = "\ud83d\ude00";

    @Test
    void leavesStorableTextAsItIs() {
        String text = "Grüße " + EMOJI + "\t\n\u0001";

        assertThat(StorableText.of(text)).isSameAs(text);
    }

    @Test
    void replacesNulCharacters() {
        assertThat(StorableText.of("\0a\0")).isEqualTo("\ufffda\ufffd");
    }

    @Test
    void replacesLoneSurrogatesAndKeepsPairs() {
        assertThat(StorableText.of("\ud83d" + EMOJI + "\ude00x\ud83d")).isEqualTo("\ufffd" + EMOJI + "\ufffdx\ufffd");
    }

    @Test
    void keepsPairsBehindTheFirstReplacement() {
        assertThat(StorableText.of("\0" + EMOJI + "\0")).isEqualTo("\ufffd" + EMOJI + "\ufffd");
    }

    @Test
    void encodesWhatItMadeStorable() {
        assertThat(StorableText.utf8("ä\0")).containsExactly(0xc3, 0xa4, 0xef, 0xbf, 0xbd);
    }

    @Test
    void encodesTheSameAsItMakesStorable() {
        for (String text :
                List.of("", "plain", "a\0b", "a\ud800", "\udc00", "?", "ä", "ä\0", EMOJI, EMOJI + "\ud83d")) {
            assertThat(new String(StorableText.utf8(text), StandardCharsets.UTF_8))
                    .isEqualTo(StorableText.of(text));
        }
    }

    @Test
    void keepsNull() {
        assertThat(StorableText.ofNullable(null)).isNull();
    }
}
