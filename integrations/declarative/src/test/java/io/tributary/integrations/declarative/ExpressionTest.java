package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.expressions.SyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    private static final Scope SCOPE = new Scope(
            Map.of("config", Map.of("project", "a/b")),
            Clock.fixed(Instant.parse("2026-05-01T12:00:00Z"), ZoneOffset.UTC));

    private static @Nullable Object result(String expression, @Nullable Object input)
            throws SyntaxException, ExpressionFailure {
        return Expression.compile(expression, "here").of(input, SCOPE);
    }

    @Test
    void knowsTheValueTheVariablesAndTheTimeOfTheClock() throws Exception {
        assertThat(result("id", Map.of("id", 9007199254740993L))).isEqualTo(9007199254740993L);
        assertThat(result("$config.project", Map.of())).isEqualTo("a/b");
        assertThat(result("$now()", Map.of())).isEqualTo("2026-05-01T12:00:00Z");
        assertThat(result("[items]", Map.of())).isEqualTo(List.of());
        assertThat(result("[items]", Map.of("items", List.of(1, 2)))).isEqualTo(List.of(1, 2));
        assertThat(result("items", Map.of("items", List.of(1)))).isEqualTo(List.of(1));
    }

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(
            strings = {
                "($f := function($x) { $f($x + 1) }; $f(1))",
                "($f := function($x) { $f($x + 1) + 1 }; $f(1))",
                "$map([1..1000000], function($v) { $map([1..1000000], function($w) { $w }) })"
            })
    void endsWhatWouldNotEnd(String expression) {
        long before = System.nanoTime();

        assertThatThrownBy(() -> result(expression, Map.of())).isInstanceOf(ExpressionFailure.class);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void survivesAnAnswerThatIsNestedDeep() throws Exception {
        Object deep = List.of();
        for (int i = 0; i < 200; i++) {
            deep = new ArrayList<>(List.of(Map.of("a", deep)));
        }

        assertThat(result("$count(**)", Map.of("a", deep))).isInstanceOf(Number.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            a +                        | 3  | the expression is wrong
            items[                     | 6  | the expression is wrong
            a b                        | 2  | the expression is wrong
            x & 'y                     | 4  | the expression is wrong
            $contains(a, /(x+)+y/)     | 13 | regular expressions are not supported
            a and /x/                  | 6  | regular expressions are not supported
            $eval(body)                | 0  | $eval is not supported
            a & $cofnig.x              | 4  | there is no variable or function $cofnig
            $toUpper(a)                | 0  | there is no variable or function $toUpper
            """)
    void saysWhereATextIsNoExpression(String text, int character, String message) {
        assertThatThrownBy(() -> Expression.compile(text, "here")).isInstanceOfSatisfying(SyntaxException.class, e -> {
            assertThat(e.reason()).startsWith(message);
            assertThat(e.character()).isBetween(character - 1, character + 1);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a / b",
                "(a) / 2 / $count(c)",
                "'/x/' & `/y/` & a",
                "$map(items, function($v, $i) { $v.name & $i })",
                "($x := 1; $x)",
                "items@$i.name[$i.id = 1]",
                "a & /* a $comment */ b"
            })
    void takesWhatIsOne(String text) throws SyntaxException {
        assertThat(Expression.compile(text, "here")).isNotNull();
    }

    @Test
    void quotesNothingOfTheValueThatItFailsFor() {
        assertThatThrownBy(() -> result("$number(name)", Map.of("name", "Ada Lovelace")))
                .isInstanceOf(ExpressionFailure.class)
                .hasMessageContaining("here")
                .hasMessageNotContaining("Ada");
    }

    @Test
    void keepsTheTypeOfAnExpressionThatIsAllOfATemplate() throws Exception {
        var scope = new Scope(Map.of("config", Map.of("n", 5, "tags", List.of("a"))), SCOPE.clock());

        assertThat(Template.compile("${config.n}", "here").of(scope)).isEqualTo(5);
        assertThat(Template.compile("${config.tags}", "here").of(scope)).isEqualTo(List.of("a"));
        assertThat(Template.compile("n=${config.n};${'}' & {'a': 1}.a}", "here").of(scope))
                .isEqualTo("n=5;}1");
        assertThatThrownBy(() -> Template.compile("n=${config.none}", "here").of(scope))
                .isInstanceOf(ExpressionFailure.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-05-01T12:00:00Z,2026-05-01T12:00:00Z",
        "2026-05-01T14:00:00+02:00,2026-05-01T12:00:00Z",
        "2026-05-01T14:00:00.123+0200,2026-05-01T12:00:00.123Z",
        "2026-05-01 12:00:00Z,2026-05-01T12:00:00Z",
        "2026-05-01,2026-05-01T00:00:00Z",
        "'Fri, 01 May 2026 12:00:00 GMT',2026-05-01T12:00:00Z",
        "1777636800,2026-05-01T12:00:00Z",
        "1777636800.5,2026-05-01T12:00:00.500Z",
        "1777636800123,2026-05-01T12:00:00.123Z"
    })
    void readsTimes(String text, Instant time) {
        assertThat(Values.time(text)).contains(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "12:00", "2026-13-01", "99999999999999999999"})
    void readsNothingElseAsATime(String text) {
        assertThat(Values.time(text)).isEmpty();
    }
}
