package io.tributary.integrations.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {

    private final Problems problems = new Problems();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
        plain ascii|plain ascii
        =?utf-8?Q?Gr=C3=BC=C3=9Fe?=|Grüße
        =?UTF-8?B?R3LDvMOfZQ==?=|Grüße
        =?iso-8859-1?q?Caf=E9?=|Café
        =?windows-1252?Q?=93quoted=94?=|“quoted”
        =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=|日本
        =?koi8-r?B?8NLJ18XU?=|Привет
        =?gb2312?B?xOO6ww==?=|你好
        =?utf-8?Q?Hello_?= =?utf-8?Q?World?=|Hello World
        =?utf-8?Q?a?= and =?utf-8?Q?b?=|a and b
        Re: =?utf-8?Q?=E2=82=AC?= 5|Re: € 5
        =?utf-8*en?Q?with_language?=|with language
        =?utf-8?Q?with spaces inside?=|with spaces inside
        =?utf-8?B?4oI=?= =?utf-8?B?rA==?=|€
        =?utf-8?Q??=|
        =?utf-8?Q?Where_is_it?_=5Bask=5D?=|Where is it? [ask]
        =?utf-8?Q?Where?=5Bis_it?=5D?= =?utf-8?Q?_here?=|Where?[is it?] here
        =?utf-8?Q?Really??? No!?=|Really??? No!
        =?iso-8859-1?Q?=93100_=80=94_=96_today?=|“100 €” – today
        =?latin1?Q?=93?=|“
        =?gb2312?B?iWo=?=|塲
        =?iso-2022-jp?B?GyRCLSEbKEI=?=|①
        =?shift_jis?B?h0A=?=|①
        =?ks_c_5601-1987?B?jGM=?=|똠
        """)
    void decodesWhatMailersWrite(String encoded, String text) {
        assertThat(EncodedWords.decode(encoded, problems)).isEqualTo(text == null ? "" : text);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void joinsACharacterThatIsSplitOverTwoWords() {
        assertThat(EncodedWords.decode("=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", problems))
                .isEqualTo("€");
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void tellsOfACharsetThatItDoesNotKnow() {
        assertThat(EncodedWords.decode("=?x-klingon?Q?Qapla=27?=", problems)).isEqualTo("Qapla'");
        assertThat(problems.list()).containsExactly("unknown charset 'x-klingon'");
    }

    @Test
    void aWordThatNeverEndsTakesNoOtherAlong() {
        assertThat(EncodedWords.decode("=?utf-8?Q?no end =?utf-8?Q?=C3=BC?=", problems))
                .isEqualTo("=?utf-8?Q?no end ü");
        assertThat(EncodedWords.decode("=?utf-8?Q?a?=AB =?utf-8?Q?b?=", problems))
                .isEqualTo("aAB b");
    }

    @Test
    void takesWhatCanBeTakenOfBrokenWords() {
        assertThat(EncodedWords.decode("=?utf-8?B?R3LDvMOf!!ZQ=?=", problems)).isEqualTo("Grüße");
        assertThat(EncodedWords.decode("=?utf-8?Q?100%=ZZ?=", problems)).isEqualTo("100%=ZZ");
        assertThat(EncodedWords.decode("=?utf-8?X?abc?= =?utf-8?Q?never ends", problems))
                .isEqualTo("=?utf-8?X?abc?= =?utf-8?Q?never ends");
        assertThat(problems.list()).hasSize(2);
    }
}
