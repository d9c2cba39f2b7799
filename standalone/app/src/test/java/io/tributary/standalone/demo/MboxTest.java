package io.tributary.standalone.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MboxTest {

    @Test
    void splitsAtFromLinesAndEndsLinesAsMailServersDo() {
        assertThat(messages("""
                From a@example Mon Mar 02 07:14:07 2026
                Subject: one

                body

                From b@example Mon Mar 02 07:14:07 2026
                Subject: two

                """)).containsExactly("Subject: one\r\n\r\nbody\r\n", "Subject: two\r\n");
    }

    @Test
    void takesOneQuoteOffQuotedFromLinesOnly() {
        assertThat(messages("""
                From a@example Mon Mar 02 07:14:07 2026

                >From here
                >>From there
                > From everywhere

                """)).containsExactly("\r\nFrom here\r\n>From there\r\n> From everywhere\r\n");
    }

    @Test
    void keepsBytesOfAnyCharset() {
        String bytes = "From a\n\n\u0000\u0080\u00ff\n\n";
        assertThat(messages(bytes)).containsExactly("\r\n\u0000\u0080\u00ff\r\n");
    }

    @Test
    void sampleMailIsVaried() {
        var mail = DemoMailServer.sampleMail().stream()
                .map(m -> new String(m, ISO_8859_1))
                .toList();
        assertThat(mail).hasSizeBetween(40, 60);
        for (String trait : List.of(
                "References: <",
                "charset=ISO-2022-JP",
                "charset=windows-1252",
                "charset=koi8-r",
                "charset=gb18030",
                "multipart/related",
                "multipart/report",
                "message/rfc822",
                "filename*0*=utf-8''",
                "Subject: \r\n",
                "boundary=\"never-closed\"",
                "x-no-such-charset")) {
            assertThat(mail).as(trait).anyMatch(message -> message.contains(trait));
        }
    }

    private static List<String> messages(String mbox) {
        return Mbox.messages(mbox.getBytes(ISO_8859_1)).stream()
                .map(message -> new String(message, ISO_8859_1))
                .toList();
    }
}
