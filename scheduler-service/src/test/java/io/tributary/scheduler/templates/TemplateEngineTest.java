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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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

    @ParameterizedTest
    @ValueSource(strings = {"#if text", "#with order", "#each list", "#text", "#list", "^none", "#unless none"})
    void stopsWithinABlockWhenTheTextIsTooLong(String block) {
        var reads = new AtomicInteger();
        var data =
                new HashMap<String, @Nullable Object>(
                        Map.of("order", Map.of("id", 1), "list", List.of(1), "text", "x".repeat(16 * 1024))) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public @Nullable Object get(Object key) {
                        if (key.equals("text")) {
                            reads.incrementAndGet();
                        }
                        return super.get(key);
                    }
                };
        data.put("none", List.of());
        String name = block.substring(1).replaceFirst(" .*", "");
        String template = "{{" + block + "}}" + "{{@root.text}}".repeat(200) + "{{/" + name + "}}";

        assertThatThrownBy(() -> engine.render(new Source(template, false), data))
                .hasMessageContaining("makes a text");
        assertThat(reads).hasValueLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{#list}}{{#list}}{{#list}}{{/list}}{{/list}}{{/list}}",
                "{{#each list}}{{#if 1}}{{/if}}{{/each}}",
                "{{#each list}}{{@root.none}}{{/each}}"
            })
    void stopsWhenItsTimeIsOver(String template) {
        var nanos = new AtomicLong();
        var slow = new TemplateEngine(() -> nanos.addAndGet(TemplateEngine.MAX_TIME.toNanos() / 100));
        var data = Map.<String, @Nullable Object>of("list", Collections.nCopies(1_000, 1), "none", "");

        assertThatThrownBy(() -> slow.render(new Source(template, false), data))
                .hasMessageContaining("takes longer than 1 s");
    }

    @Test
    void refusesOtherDelimiters() {
        assertThatThrownBy(() -> engine.check(new Source("{{=<% %>=}}<%name%>", false)))
                .hasMessageContaining("changes the delimiters");
    }

    @Test
    void refusesABlockWithoutABody() {
        assertThatThrownBy(() -> engine.render(new Source("{{if vip}}", false), data()))
                .hasMessageContaining("without a block");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.", "a/", "a-", "[a].", "a.[b].", "../"})
    void refusesAPathWithManyParts(String part) {
        String path = part.repeat(500) + "b";

        assertThatThrownBy(() -> engine.check(new Source("Hi {{" + path + "}}", false)))
                .hasMessageContaining("path of more than 16 parts");
    }

    @Test
    void allowsLongLinesOutsideOfTags() throws Unusable {
        String template = "-".repeat(200) + "{{! " + "-".repeat(200) + "}}{{vip}}" + ".".repeat(200);

        assertThat(engine.render(new Source(template, false), data())).contains("-false.");
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
