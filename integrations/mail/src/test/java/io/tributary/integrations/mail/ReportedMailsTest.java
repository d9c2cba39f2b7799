package io.tributary.integrations.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Mails on which other programs failed, by their public reports: each keeps its subject, its text and its attachments.
 */
class ReportedMailsTest {

    private static ParsedMessage parse(String source) {
        return ParsedMessage.read(ByteSlice.of(source.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** A line end is a bar. */
    private static ParsedMessage parseLines(String source) {
        return parse(source.replace("|", "\r\n"));
    }

    /** By the report: the source, and what its text must contain. */
    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
        libcmime#19, no preamble          ~ Subject: s|Content-Type: multipart/mixed; boundary=b||--b||hello|--b-- ~ hello
        fast_mail_parser#150, no blank    ~ Subject: s|Content-Type: multipart/mixed; boundary="-_b=_1"|---_b=_1|Content-Type: text/plain||hello|---_b=_1-- ~ hello
        mailparser#263, inner end missing ~ Subject: s|Content-Type: multipart/mixed; boundary=m||--m|Content-Type: multipart/alternative; boundary=a||--a|Content-Type: text/plain||hello|--a|--m|Content-Type: message/rfc822||Subject: inner||x|--m ~ hello
        MimeKit#151, smtp in the header   ~ MAIL FROM:<x@x.com> SIZE=28451 BODY=8BITMIME|RCPT TO:<x@x.com>|DATA|Subject: s||hello ~ hello
        MimeKit#77, a line that is none   ~ Subject: s|this line is no header|X: y||hello ~ hello
        proton-bridge#127, empty boundary ~ Subject: s|Content-Type: multipart/mixed; boundary=""||hello ~ hello
        proton-bridge#127, no boundary    ~ Subject: s|Content-Type: multipart/mixed||hello ~ hello
        proton-bridge#127, encoding 8t    ~ Subject: s|Content-Transfer-Encoding: 8t||hello ~ hello
        proton-bridge#127, encoding Hexa  ~ Subject: s|Content-Transfer-Encoding: Hexa||hello ~ hello
        proton-bridge#127, cut in base64  ~ Subject: s|Content-Transfer-Encoding: base64||aGVsbG8 ~ hello
        proton-bridge#127, charset ''     ~ Subject: s|Content-Type: text/plain; charset=''||hello ~ hello
        proton-bridge#127, control in qp  ~ Subject: s|Content-Transfer-Encoding: quoted-printable||hello=20\u0011x ~ hello
        cyrus-imapd#1256, cut in boundary ~ Subject: s|Content-Type: multipart/mixed; boundary=abcdef||--abcdef|Content-Type: text/plain||hello|--abc ~ hello
        flanker#64, inner message empty   ~ Subject: s|Content-Type: multipart/mixed; boundary=b||--b|Content-Type: text/plain||hello|--b|Content-Type: message/rfc822; name="F";|Content-Disposition: inline;|--b-- ~ hello
        mail-mime-parser#102, bad type    ~ Subject: s|Content-Type: ; charset=utf-8||hello ~ hello
        mail-mime-parser#102, type twice  ~ Subject: s|Content-Type: text/plain|Content-Type: multipart/mixed; boundary=b||hello ~ hello
        php-mime-mail-parser#27, folded   ~ Subject: s|Content-Type: multipart/alternative;|    boundary="----=_Next"||------=_Next|Content-Type: text/plain;|	charset="iso-8859-1"|Content-Transfer-Encoding: quoted-printable||hello|------=_Next-- ~ hello
        """)
    void keepItsText(String report, String source, String text) {
        ParsedMessage message = parseLines(source);

        assertThat(message.body().text()).as(report).contains(text);
        if (source.startsWith("Subject")) {
            assertThat(message.envelope().subject()).as(report).isEqualTo("s");
        }
    }

    /** By the report: encoded words of which each holds a part of a character, and what they say together. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        neomutt#1015            | =?UTF-8?Q?pasi=C5=BEad=C4?= =?UTF-8?Q?=97jim=C5=B3=20girliand=C4=85!?=                                              | pasižadėjimų girliandą!
        zammad#2953             | =?utf-8?B?QmVow7ZyZGVuIC0gIEJlaMM=?= =?utf-8?B?tnJkZW4=?=                                                            | Behörden -  Behörden
        node-imap#360           | =?utf-8?Q?=E0=B9=84=E0=B8=A1=E0=B9?= =?utf-8?Q?=88=E0=B8=82?=                                                        | ไม่ข
        jakartaee/mail-api#751  | =?utf-8?B?5p2O55SzX+Wwj+ax?= =?utf-8?B?h+axh0nlj7fmnLouanNvbg==?=                                                    | 李申_小汇汇I号机.json
        thunderbird-android#2499| =?gb2312?B?uvPM1dPQ?= =?gb2312?B?vNI=?=                                                                                | 后陶有家
        postal-mime#68          | =?ISO-2022-JP?B?GyRCRUUbKEI=?= =?ISO-2022-JP?B?GyRCO1IbKEI=?=                                                       | 電子
        """)
    void joinsCharactersThatAreSplitBetweenEncodedWords(String report, String subject, String text) {
        assertThat(parse("Subject: " + subject + "\r\n\r\n").envelope().subject())
                .as(report)
                .isEqualTo(text);
    }

    /** GOVCERT-LU/eml_parser#58: the line end before the next field is lost. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Message-ID:  \r\n <some@something.com>MIME-Version: 1.0",
                "Message-ID: <some@something.com> (added by postmaster@example.org)",
                "Message-Id:<some@something.com>",
                "MESSAGE-ID : <some@something.com>"
            })
    void readsTheMessageIdAndNothingBehindIt(String header) {
        assertThat(parse(header + "\r\nSubject: s\r\n\r\nx").envelope().messageId())
                .isEqualTo("<some@something.com>");
    }

    /** smiley22/S22.Imap#105: a name of several encoded words, each on a line of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "attachment; filename=\r\n \"=?iso-8859-2?Q?zm=ECna_Hlubo=E8epy.?=\r\n =?iso-8859-2?Q?doc?=\"",
                "attachment; filename=\"=?iso-8859-2?Q?zm=ECna_Hlubo=E8epy.doc?=\"",
                "attachment; filename*=iso-8859-2'cs'zm%ECna%20Hlubo%E8epy.doc",
                "attachment; filename*0*=iso-8859-2''zm%ECna%20; filename*1*=Hlubo%E8epy.doc",
                "attachment; filename==?iso-8859-2?Q?zm=ECna_Hlubo=E8epy.doc?="
            })
    void readsTheNameOfAnAttachment(String disposition) {
        ParsedMessage message = parse(
                "Subject: s\r\nContent-Type: application/msword\r\nContent-Disposition: " + disposition + "\r\n\r\nx");

        assertThat(message.body().attachments())
                .singleElement()
                .satisfies(attachment -> assertThat(attachment.name()).isEqualTo("změna Hlubočepy.doc"));
    }
}
