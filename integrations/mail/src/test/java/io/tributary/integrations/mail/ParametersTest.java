package io.tributary.integrations.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {

    private final Problems problems = new Problems();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            attachment; filename=plain.txt | plain.txt
            attachment; filename="with space; and semicolon.txt" | with space; and semicolon.txt
            attachment; filename="a \\"quoted\\" name" | a "quoted" name
            attachment; FILENAME = spaced.txt | spaced.txt
            attachment; filename=report(1).pdf | report(1).pdf
            attachment; filename=name.txt (a comment) | name.txt
            attachment; filename*=utf-8''na%C3%AFve%20plan.txt | naïve plan.txt
            attachment; filename*=iso-8859-1'de'Gr%FC%DFe | Grüße
            attachment; filename*0="first "; filename*1="second" | first second
            attachment; filename*1=b; filename*0=a; filename*2=c | abc
            attachment; filename*0*=utf-8''%E2%82; filename*1*=%AC; filename*2=.txt | €.txt
            attachment; filename="=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?=" | Grüße.pdf
            attachment; filename=fallback.txt; filename*=utf-8''better.txt | better.txt
            attachment; filename="never closed | never closed
            attachment; filename*=100%.txt | 100%.txt
            attachment;;; filename=odd.txt;; | odd.txt
            """)
    void findsTheFileName(String field, String name) {
        assertThat(Parameters.parse(field, problems).parameter("filename")).contains(name);
        assertThat(problems.list()).isEmpty();
    }

    @Test
    void givesTheValueInLowerCaseWithoutComments() {
        assertThat(Parameters.parse("Text/Plain (really); charset=US-ASCII (plain)", problems))
                .extracting(
                        Parameters::value, parsed -> parsed.parameter("charset").orElseThrow())
                .containsExactly("text/plain", "US-ASCII");
        assertThat(Parameters.parse("", problems).value()).isEmpty();
    }

    @Test
    void readsSoManyParametersAndNoMore() {
        String field = "a" + ";x=1;y=2".repeat(10_000) + ";filename=late";

        assertThat(Parameters.parse(field, problems).parameters()).containsOnlyKeys("x", "y");
    }
}
