package io.tributary.integrations.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParsedMessageTest {

    @Nested
    class Header {

        @Test
        void isReadWithItsFieldsUnfoldedAndDecoded() {
            ParsedMessage message = parse("""
                    Received: from somewhere
                    From: =?utf-8?Q?J=C3=BCrgen?= <juergen@example.org>
                    To: ada@example.org,
                    \tBob <bob@example.org>
                    To: carol@example.org
                    Cc: dave@example.org
                    Subject: A subject that is
                      folded =?utf-8?B?w7xiZXI=?=
                     =?utf-8?B?IFplaWxlbg==?=
                    Date: Tue, 3 Feb 2026 10:11:12 +0100
                    Message-ID: <1@example.org>

                    Hello
                    """);

            Envelope envelope = message.envelope();
            assertThat(envelope.subject()).isEqualTo("A subject that is  folded über Zeilen");
            assertThat(envelope.from()).containsExactly(new Address("Jürgen", "juergen@example.org"));
            assertThat(envelope.to())
                    .extracting(Address::address)
                    .containsExactly("ada@example.org", "bob@example.org", "carol@example.org");
            assertThat(envelope.cc()).extracting(Address::address).containsExactly("dave@example.org");
            assertThat(envelope.date()).isEqualTo(Instant.parse("2026-02-03T09:11:12Z"));
            assertThat(envelope.messageId()).isEqualTo("<1@example.org>");
            assertThat(message.body().text()).isEqualTo("Hello\n");
            assertThat(message.problems()).isEmpty();
        }

        @Test
        void mayHaveEightBitCharacters() {
            assertThat(parse(bytes("Subject: Grüße\n\n", StandardCharsets.UTF_8))
                            .envelope()
                            .subject())
                    .isEqualTo("Grüße");
            assertThat(parse(bytes("Subject: Grüße\n\n", StandardCharsets.ISO_8859_1))
                            .envelope()
                            .subject())
                    .isEqualTo("Grüße");
        }

        @Test
        void mayLackEverything() {
            for (String source : new String[] {"", "\n", "\r\n\r\n", "\n\nbody", " ", ":", "\0"}) {
                ParsedMessage message = parse(source);
                assertThat(message.envelope().messageId()).isNull();
                assertThat(message.envelope().threadId()).isEmpty();
                assertThat(message.envelope().date()).isNull();
                assertThat(message.envelope().subject()).isEmpty();
                assertThat(message.body().attachments()).isEmpty();
            }
        }

        @Test
        void mayHaveLinesThatAreNoField() {
            ParsedMessage message = parse("""
                    From ada@example.org Tue Feb  3 10:11:12 2026
                    Subject: one
                    this is no field
                    bad name: x
                    To: ada@example.org

                    Hello
                    """);

            assertThat(message.envelope().subject()).isEqualTo("one");
            assertThat(message.envelope().to()).hasSize(1);
            assertThat(message.body().text()).isEqualTo("Hello\n");
            assertThat(message.problems()).containsExactly("line in the header that is no field");
        }

        @Test
        void mayEndTheMessage() {
            ParsedMessage message = parse("Subject: no body");

            assertThat(message.envelope().subject()).isEqualTo("no body");
            assertThat(message.body().text()).isEmpty();
        }

        @Test
        void isReadUpToItsBounds() {
            ParsedMessage message = parse("X: y\n".repeat(5_000) + "Subject: late\n\n");
            assertThat(message.envelope().subject()).isEmpty();
            assertThat(message.problems()).containsExactly("more header fields than 1000");

            assertThat(parse("Subject: " + "x".repeat(2_000_000) + "\n\n")
                            .envelope()
                            .subject())
                    .hasSize(Bounds.VALUE_CHARS);
            assertThat(parse("Subject: " + "\uD83D\uDE00".repeat(2_000) + "\n\n")
                            .envelope()
                            .subject())
                    .hasSize(Bounds.VALUE_CHARS);
            assertThat(parse("Subject: x" + "\uD83D\uDE00".repeat(2_000) + "\n\n")
                            .envelope()
                            .subject())
                    .hasSize(Bounds.VALUE_CHARS - 1);
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                Tue, 3 Feb 2026 10:11:12 +0100 | 2026-02-03T09:11:12Z
                3 Feb 2026 10:11 GMT | 2026-02-03T10:11:00Z
                Tue, 03 Feb 26 10:11:12 EST | 2026-02-03T15:11:12Z
                Tue, 3 Feb 2026 10:11:12 +0100 (CET) | 2026-02-03T09:11:12Z
                Fri, 3 Feb 2026 10:11:12 -0000 | 2026-02-03T10:11:12Z
                yesterday | -
                2026-02-03 10:11:12 | -
                Tue, 3 Feb 1902 10:11:12 +0000 | -
                Tue, 3 Feb 22026 10:11:12 +0000 | -
                """)
        void hasTheDateItNames(String field, String date) {
            ParsedMessage message = parse("Date: " + field + "\n\n");

            assertThat(message.envelope().date()).isEqualTo(date.equals("-") ? null : Instant.parse(date));
            assertThat(message.problems()).hasSize(date.equals("-") ? 1 : 0);
        }
    }

    @Nested
    class Conversation {

        @Test
        void isTheFirstOfReferences() {
            Envelope envelope = parse("""
                    Message-ID: <3@example.org>
                    In-Reply-To: <2@example.org>
                    References: <1@example.org>
                     <2@example.org>

                    """).envelope();

            assertThat(envelope.threadId()).contains("<1@example.org>");
            assertThat(envelope.references()).containsExactly("<1@example.org>", "<2@example.org>");
            assertThat(envelope.inReplyTo()).isEqualTo("<2@example.org>");
        }

        @Test
        void isElseWhatItRepliesTo() {
            assertThat(parse("In-Reply-To: Your message of Tuesday <2@example.org>\nMessage-ID: <3@example.org>\n\n")
                            .envelope()
                            .threadId())
                    .contains("<2@example.org>");
        }

        @Test
        void isElseItself() {
            assertThat(parse("Message-ID: <3@example.org>\nIn-Reply-To: your mail\nReferences: none\n\n")
                            .envelope()
                            .threadId())
                    .contains("<3@example.org>");
        }

        @Test
        void survivesIdsThatAreBroken() {
            assertThat(parse("Message-ID: 3@example.org\n\n").envelope().messageId())
                    .isEqualTo("3@example.org");
            assertThat(parse("Message-ID: <3@exa\n mple.org>\n\n").envelope().messageId())
                    .isEqualTo("<3@example.org>");
            assertThat(parse("Message-ID: <3@example.org\n\n").envelope().messageId())
                    .isEqualTo("<3@example.org");
            assertThat(parse("References: " + "<a@b>".repeat(100_000) + "\n\n")
                            .envelope()
                            .references())
                    .hasSize(Bounds.REFERENCES);
        }
    }

    @Nested
    class Text {

        @Test
        void isDecodedByItsEncodingAndCharset() {
            assertThat(parse("""
                    Content-Type: text/plain; charset=iso-8859-1
                    Content-Transfer-Encoding: quoted-printable

                    Gr=FC=DFe
                    """).body().text()).isEqualTo("Grüße\n");
            assertThat(parse("""
                    Content-Type: text/html; charset="utf-8"
                    Content-Transfer-Encoding: base64

                    PHA+R3LDvMOfZTwvcD4=
                    """).body()).isEqualTo(new Body(null, "<p>Grüße</p>", List.of()));
            assertThat(parse("""
                    Content-Type: text/plain; charset=iso-2022-jp

                    \u001B$BF|K\\\u001B(B
                    """).body().text()).isEqualTo("日本\n");
        }

        @Test
        void ofAnUnknownCharsetIsGuessed() {
            ParsedMessage message = parse("Content-Type: text/plain; charset=x-unknown\n\nGrüße\n");

            assertThat(message.body().text()).isEqualTo("Grüße\n");
            assertThat(message.problems()).containsExactly("unknown charset 'x-unknown'");
        }

        @Test
        void thatIsNotInItsCharsetIsGuessed() {
            String header = "Content-Type: text/plain; charset=us-ascii\n\n";

            assertThat(parse(bytes(header + "Grüße", StandardCharsets.UTF_8))
                            .body()
                            .text())
                    .isEqualTo("Grüße");
            ParsedMessage latin = parse(bytes(header + "Grüße", StandardCharsets.ISO_8859_1));
            assertThat(latin.body().text()).isEqualTo("Grüße");
            assertThat(latin.problems()).containsExactly("text is not in its charset 'us-ascii'");
        }

        @Test
        void mayHaveACharsetThatIsNone() {
            assertThat(parse("Content-Type: text/plain; charset=\"=?utf-8?Q?x\"\n\nHi")
                            .body()
                            .text())
                    .isEqualTo("Hi");
            assertThat(parse("Content-Type: text/plain; charset=\"\"\n\nHi")
                            .body()
                            .text())
                    .isEqualTo("Hi");
        }

        @Test
        void isKeptUpToItsBound() {
            ParsedMessage message = parse("Content-Type: text/html\n\n" + "x".repeat(300_000));

            assertThat(message.body().html()).hasSize(Bounds.TEXT_CHARS);
            assertThat(message.problems()).containsExactly("text cut at 100000 characters");
        }

        @Test
        void isPlainTextWhenItsTypeIsNone() {
            ParsedMessage message = parse("Content-Type: text\n\nHello");

            assertThat(message.body().text()).isEqualTo("Hello");
            assertThat(message.problems()).containsExactly("no content type 'text'");
        }
    }

    @Nested
    class Multiparts {

        @Test
        void giveTextHtmlAndAttachments() {
            ParsedMessage message = parse("""
                    MIME-Version: 1.0
                    Content-Type: multipart/mixed; boundary=outer

                    This is a multi-part message in MIME format.
                    --outer
                    Content-Type: multipart/related; boundary="inner one"

                    --inner one
                    Content-Type: multipart/alternative; boundary=alt

                    --alt
                    Content-Type: text/plain; charset=utf-8

                    Hello
                    --alt
                    Content-Type: text/html; charset=utf-8

                    <p>Hello</p>
                    --alt--
                    --inner one
                    Content-Type: image/png
                    Content-ID: <logo@example.org>
                    Content-Disposition: inline; filename="logo.png"
                    Content-Transfer-Encoding: base64

                    iVBORw0KGgo=
                    --inner one--
                    --outer
                    Content-Type: application/pdf; name="old name.pdf"
                    Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf
                    Content-Transfer-Encoding: base64

                    JVBERi0xLjQK
                    --outer
                    Content-Type: message/rfc822

                    Subject: =?utf-8?Q?the_forwarded_=C3=B6ne?=

                    Forwarded text that is not that of this message
                    --outer
                    Content-Type: text/plain
                    Content-Disposition: attachment; filename=notes.txt

                    notes
                    --outer
                    Content-Type: text/plain

                    A footer
                    --outer--
                    An epilogue
                    """);

            assertThat(message.body().text()).isEqualTo("Hello\nA footer");
            assertThat(message.body().html()).isEqualTo("<p>Hello</p>");
            assertThat(message.body().attachments())
                    .containsExactly(
                            new Attachment("logo.png", "image/png", 8, "inline", "logo@example.org"),
                            new Attachment("Grüße.pdf", "application/pdf", 9, "attachment", null),
                            new Attachment("the forwarded öne", "message/rfc822", 92, null, null),
                            new Attachment("notes.txt", "text/plain", 5, "attachment", null));
            assertThat(message.problems()).isEmpty();
        }

        @Test
        void endWhereTheMessageEndsWithoutTheirLastDelimiter() {
            ParsedMessage message = parse("""
                    Content-Type: multipart/mixed; boundary=b

                    --b

                    one
                    --b

                    two
                    """);

            assertThat(message.body().text()).isEqualTo("one\ntwo\n");
        }

        @Test
        void areSplitAtTheirWholeBoundaryOnly() {
            ParsedMessage message = parse("""
                    Content-Type: multipart/mixed; boundary=b

                    --b
                    Content-Type: multipart/mixed; boundary=bb

                    --bb

                    one
                    --bb--
                    --b \t

                    two --b
                    --bogus
                    --b--
                    """);

            assertThat(message.body().text()).isEqualTo("one\ntwo --b\n--bogus");
            assertThat(message.problems()).isEmpty();
        }

        @Test
        void areGuessedWithoutABoundary() {
            ParsedMessage message = parse("""
                    Content-Type: multipart/mixed

                    --guess-me
                    Content-Type: text/html

                    <p>Hello</p>
                    --guess-me--
                    """);

            assertThat(message.body().html()).isEqualTo("<p>Hello</p>");
            assertThat(message.problems()).containsExactly("multipart without its boundary");
        }

        @Test
        void areTextWithoutParts() {
            ParsedMessage message = parse("Content-Type: multipart/mixed; boundary=b\n\nno parts here\n");

            assertThat(message.body().text()).isEqualTo("no parts here\n");
            assertThat(message.problems()).contains("multipart without parts");
        }

        @Test
        void ofADigestAreMessages() {
            ParsedMessage message = parse("""
                    Content-Type: multipart/digest; boundary=b

                    --b

                    Subject: first

                    text
                    --b--
                    """);

            assertThat(message.body().attachments())
                    .extracting(Attachment::name, Attachment::contentType)
                    .containsExactly(tuple("first", "message/rfc822"));
        }

        @Test
        void nestAsDeepAsTheBound() {
            StringBuilder source = new StringBuilder();
            for (int i = 0; i < 3_000; i++) {
                source.append("Content-Type: multipart/mixed; boundary=b")
                        .append(i)
                        .append("\n\n--b")
                        .append(i)
                        .append("\n");
            }

            ParsedMessage message = parse(source.toString());

            assertThat(message.problems()).containsExactly("multiparts nested deeper than 20");
            assertThat(message.body().attachments()).hasSize(1);
        }

        @Test
        void areReadUpToTheBoundOfParts() {
            String header = "Content-Type: multipart/mixed; boundary=b\n\n";

            ParsedMessage texts = parse(header + "--b\n\nx\n".repeat(5_000));
            assertThat(texts.problems()).contains("more parts than 1000");
            ParsedMessage files = parse(header + "--b\nContent-Type: a/b\n\nx\n".repeat(900));
            assertThat(files.body().attachments()).hasSize(Bounds.ATTACHMENTS);
            assertThat(files.problems()).containsExactly("more attachments than 200");
        }

        @Test
        void mayBeEncodedThoughTheyMustNot() {
            ParsedMessage message = parse("""
                    Content-Type: multipart/mixed; boundary=b
                    Content-Transfer-Encoding: base64

                    LS1iCgpIZWxsbwotLWItLQo=
                    """);

            assertThat(message.body().text()).isEqualTo("Hello");
        }
    }

    @Test
    void readsAnyNumberOfPartsAndLinesInGoodTime() {
        String header = "Content-Type: multipart/mixed; boundary=b\n\n";

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            parse(header + "--b\n\n".repeat(500_000));
            parse(header + "\n".repeat(2_000_000));
            parse("X\n".repeat(500_000));
            parse("Subject: " + "=?utf-8?Q?".repeat(100_000) + "\n\n");
            parse("To: " + "(".repeat(200_000) + "\n\n");
            parse("To: " + "\"".repeat(200_001) + "\n\n");
            parse("Content-Type: text/plain" + "; a*0*=%".repeat(100_000) + "\n\n");
        });
    }

    /** Mutates a message with everything in it; the seed is in the name of a failure. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void neverFailsWhateverTheBytes(long seed) {
        var random = new Random(seed);
        byte[] whole = bytes("""
                From: =?utf-8?Q?J=C3=BC?= <j@example.org>, "a, b" <c@d> (e)
                To: group: a@b, <c@d>;
                Subject: =?utf-8?B?w7xiZXI=?= =?iso-8859-1?Q?=FC?=
                Date: Tue, 3 Feb 2026 10:11:12 +0100 (CET)
                Message-ID: <1@example.org>
                References: <0@example.org> <a@b>
                Content-Type: multipart/mixed; boundary="b=_1"; x*0*=utf-8''%41; x*1="c"

                --b=_1
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Gr=C3=BC=C3=9Fe=
                --b=_1
                Content-Type: multipart/alternative; boundary=b2

                --b2
                Content-Type: text/html; charset=iso-2022-jp
                Content-Transfer-Encoding: base64

                PHA+R3LDvMOfZTwvcD4=
                --b2--
                --b=_1
                Content-Type: message/rfc822; name*=utf-8'en'%E2%82%AC
                Content-Disposition: attachment; filename="a\\"b"

                Subject: inner

                --b=_1--
                """, StandardCharsets.UTF_8);

        for (int round = 0; round < 4_000; round++) {
            byte[] mutant = whole.clone();
            for (int i = random.nextInt(1, 30); i > 0; i--) {
                int at = random.nextInt(mutant.length);
                if (random.nextBoolean()) {
                    mutant[at] = (byte) random.nextInt(256);
                } else {
                    int length = random.nextInt(Math.min(40, mutant.length - at));
                    System.arraycopy(whole, random.nextInt(whole.length - length), mutant, at, length);
                }
            }
            ByteSlice source = ByteSlice.of(mutant, 0, random.nextInt(mutant.length + 1));

            ParsedMessage message = ParsedMessage.read(source);

            assertThat(message.problems())
                    .as("seed %s round %s", seed, round)
                    .noneMatch(problem -> problem.startsWith("unreadable"));
        }
    }

    @Test
    void keepsTheSourceExactly() {
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        RawText latin = RawText.of(ByteSlice.of(every));
        assertThat(latin.encoding()).isEqualTo("ISO-8859-1");
        assertThat(latin.text().getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(every);

        byte[] utf8 = bytes("Grüße \uD83D\uDE00\0\r\n", StandardCharsets.UTF_8);
        RawText unicode = RawText.of(ByteSlice.of(utf8));
        assertThat(unicode.encoding()).isEqualTo("UTF-8");
        assertThat(unicode.text().getBytes(StandardCharsets.UTF_8)).isEqualTo(utf8);
    }

    private static ParsedMessage parse(String source) {
        return parse(bytes(source, StandardCharsets.UTF_8));
    }

    private static ParsedMessage parse(byte[] source) {
        return ParsedMessage.read(ByteSlice.of(source));
    }

    private static byte[] bytes(String text, Charset charset) {
        return text.getBytes(charset);
    }
}
