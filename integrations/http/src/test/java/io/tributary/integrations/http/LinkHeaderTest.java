package io.tributary.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Link} headers at which other clients ended a list early, by their public reports. */
class LinkHeaderTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Daskiworks/ghwatch#108     | <https://x/?page=1>; rel="prev", <https://x/?page=3>; rel="next"                | https://x/?page=3
        scrutineer#543             | <https://x/?page=2&f=a,b,c>; rel="next"                                          | https://x/?page=2&f=a,b,c
        scrutineer#543             | <https://x/?f=a,b>; rel="last", <https://x/?page=2>; rel="next"                  | https://x/?page=2
        spring-hateoas#2480        | <https://x/a>;rel=stylesheet;title, <https://x/b>;rel="next"                     | https://x/b
        guzzle/psr7#595            | <https://x/c_fill,w_750>; rel="preload"; imagesizes="(min: 62em) calc(100vw - 3px), 100vw", </n>; rel=next | /n
        httr2#854                  | <https://x/?page=2>; rel="next",                                                 | https://x/?page=2
        httr2#854                  | , <https://x/?page=2>; rel="next"                                                | https://x/?page=2
        drydock#927                | </v2/tags/list?last=a,b>; rel="next"                                             | /v2/tags/list?last=a,b
        drydock#927                | <https://x/a>; rel=next-page, <https://x/b>; rel=next                            | https://x/b
        hey-sdk#97                 | <https://x/a>; rel="next", <https://x/b>; rel="last"                             | https://x/a
        unsloth#7382               | <https://x/a>; type="application/json"; rel="next"                               | https://x/a
        RFC 8288, several relations| <https://x/a>; rel="prev next"                                                   | https://x/a
        RFC 8288, any case         | <https://x/a>; REL=Next                                                          | https://x/a
        """)
    void findsTheNextPage(String report, String header, String target) {
        assertThat(LinkHeader.target(List.of(header), "next")).as(report).contains(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://x/a; rel=next",
                "<https://x/a; rel=next",
                "<https://x/a>; rel=\"next-page\"",
                "<https://x/a>; title=\"rel=next\"",
                "<https://x/a>; rel=last; rel=next"
            })
    void takesNothingElseForANextPage(String header) {
        assertThat(LinkHeader.target(List.of(header), "next")).isEmpty();
    }
}
