package io.tributary.scheduler.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.scheduler.templates.TemplateEngine.Source;
import io.tributary.scheduler.templates.TemplateEngine.Unusable;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateEngineTest {

    private final TemplateEngine engine = new TemplateEngine();

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
        Hi {{name}}!                                                        ~ Hi Ann & <b>!
        {{order.total}} {{lines.[0].title}}                                 ~ 9.5 Tea
        {{#if vip}}a{{else}}b{{/if}}{{#unless vip}}c{{/unless}}             ~ bc
        {{#each lines}}{{@index}}{{title}}{{#unless @last}},{{/unless}}{{/each}} ~ 0Tea,1Cup
        {{#each order}}{{@key}}={{this}};{{/each}}                          ~ total=9.5;
        {{#each lines as |line|}}{{line.title}}{{/each}}                    ~ TeaCup
        {{#each none}}x{{else}}nothing{{/each}}                             ~ nothing
        {{#with order}}{{total}}{{../name}}{{/with}}                        ~ 9.5Ann & <b>
        {{lookup order "total"}}                                            ~ 9.5
        {{vip}}                                                             ~ false
        """)
    void rendersValues(String template, String expected) throws Unusable {
        assertThat(engine.render(new Source(template, false), data())).isEqualTo(expected);
    }

    @Test
    void escapesValuesInHtmlOnly() throws Unusable {
        assertThat(engine.render(new Source("<p>{{name}}</p>", true), data())).isEqualTo("<p>Ann &amp; &lt;b&gt;</p>");
        assertThat(engine.render(new Source("{{name}}", false), data())).isEqualTo("Ann & <b>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{nmae}}",
                "{{order.sum}}",
                "{{empty}}",
                "{{#each lines}}{{price}}{{/each}}",
                "{{name.class}}",
                "{{order.class.classLoader}}",
                "{{lines.size}}",
                "{{include \"/etc/passwd\"}}",
                "{{#embedded \"/etc/passwd\"}}{{/embedded}}",
                "{{i18n \"messages\"}}",
                "{{log name}}",
                "{{precompile \"x\"}}"
            })
    void saysWhatTheDataLacks(String template) {
        var failure = catchThrowableOfType(Unusable.class, () -> engine.render(new Source(template, false), data()));

        assertThat(failure.missing()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{{> /etc/passwd}}", "{{name", "{{#if vip}}", "{{/if}}"})
    void refusesWhatIsNoTemplateOrReachesForFiles(String template) {
        assertThatThrownBy(() -> engine.check(new Source(template, false))).isInstanceOf(Unusable.class);
    }

    @Test
    void endsLoopsAndTextsThatGrowTooLarge() {
        var many = Map.<String, @Nullable Object>of("list", Collections.nCopies(1_000, 1));
        String loops = "{{#each list}}{{#each ../list}}{{#each ../../list}}{{/each}}{{/each}}{{/each}}";
        String texts = "{{#each list}}" + "x".repeat(1_000) + "{{/each}}";

        assertThatThrownBy(() -> engine.render(new Source(loops, false), many))
                .hasMessageContaining("visits more than");
        assertThatThrownBy(() -> engine.render(new Source(texts, false), many)).hasMessageContaining("makes a text");
    }

    @Test
    void hasNoPartialsThatCallThemselves() {
        var source = new Source("{{#*inline \"p\"}}{{> p}}{{/inline}}{{> p}}", false);

        assertThatThrownBy(() -> engine.render(source, data()))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("not supported");
    }

    @Test
    void refusesATemplateThatIsNestedTooDeeply() {
        String deep = "{{#if name}}".repeat(8_000) + "{{/if}}".repeat(8_000);

        assertThatThrownBy(() -> engine.render(new Source(deep, false), data())).isInstanceOf(Unusable.class);
    }

    private static Map<String, @Nullable Object> data() {
        var data = new HashMap<String, @Nullable Object>();
        data.put("name", "Ann & <b>");
        data.put("vip", false);
        data.put("empty", null);
        data.put("order", Map.of("total", 9.5));
        data.put("lines", List.of(Map.of("title", "Tea"), Map.of("title", "Cup")));
        return data;
    }
}
