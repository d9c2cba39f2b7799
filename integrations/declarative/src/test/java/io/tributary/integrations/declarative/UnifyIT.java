package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Output.Kind;
import io.tributary.integrations.api.Unified;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records in the words that all platforms share, and the figures beside them. */
class UnifyIT {

    private static final Instant DAY = Instant.parse("2026-05-01T00:00:00Z");

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void aRecordBecomesAPostWithItselfAsContent() throws Exception {
        shop.items.add(Map.of(
                "id", 1, "by", Map.of("id", 7, "name", "Ada"), "words", "Hello", "made", "2026-05-01", "likes", "12"));

        Output post = sync("""
            id: id
            unify:
              kind: post
              author: by.name
              authorId: by.id
              text: words
              parent: answers
              thread: $string(id)
              permalink: "'https://shop.example/' & $string(id)"
              createdAt: made
              counts: {likes: likes, views: views}
            """).outputs().getFirst();

        assertThat(post.kind()).isEqualTo(Kind.POST);
        assertThat(post.unified())
                .isEqualTo(new Unified.Activity(
                        "7", "Ada", "Hello", null, "1", "https://shop.example/1", DAY, Map.of("likes", 12L)));
        assertThat(post.content()).contains("\"words\":\"Hello\"", "\"likes\":\"12\"");
    }

    @Test
    void contentThatIsGivenStaysAsItIs() throws Exception {
        shop.items.add(Map.of("id", 1, "words", "Hello"));

        Output message = sync("{id: id, content: words, unify: {kind: message, text: words}}")
                .outputs()
                .getFirst();

        assertThat(message.content()).isEqualTo("Hello");
        assertThat(message.kind()).isEqualTo(Kind.MESSAGE);
    }

    @Test
    void figuresComeBesideTheRecordThatHasThem() throws Exception {
        Map<String, Object> nested = new HashMap<>(Map.of("save", 3, "as of", "today", "by", Map.of("like", 4)));
        nested.put("nothing", null);
        shop.items.add(Map.of("id", 1, "day", "2026-05-01", "clicks", "10", "spend", 1.25, "life", nested));

        List<Output> outputs = sync("""
            id: "'metrics:' & $string(id)"
            timestamp: day
            unify:
              kind: metric
              dimensions: {ad: id, country: country}
              values: {clicks: clicks, spend: spend, life: life, views: views}
            """).outputs();

        assertThat(outputs.getFirst().kind()).isEqualTo(Kind.CONTENT);
        assertThat(outputs.getFirst().externalId()).isEqualTo("metrics:1");
        assertThat(outputs.getFirst().content()).contains("\"spend\":1.25");
        assertThat(outputs.stream().skip(1).map(Output::unified))
                .containsExactlyInAnyOrder(
                        metric("clicks", "10"),
                        metric("spend", "1.25"),
                        metric("life.save", "3"),
                        metric("life.by.like", "4"));
        assertThat(outputs).extracting(Output::externalTimestamp).containsOnly(DAY);
    }

    @Test
    void figuresCanHaveATimeOfTheirOwnAndARangeLeavesThemOut() throws Exception {
        shop.items.add(Map.of("id", 1, "made", "2026-05-01", "read", "2026-06-01T10:00:00Z", "views", 5));
        String output = """
            id: id
            timestamp: made
            unify: {kind: metric, time: read, values: {views: views}}
            """;

        assertThat(sync(output).outputs().get(1).externalTimestamp()).isEqualTo(Instant.parse("2026-06-01T10:00:00Z"));
        var run = account(output).sync(new Options(null, Instant.parse("2026-05-02T00:00:00Z"), false));
        assertThat(run.outputs()).extracting(Output::kind).containsExactly(Kind.CONTENT);
    }

    @Test
    void aRecordThatCannotBeUnifiedCostsItselfOnly() throws Exception {
        shop.items.addAll(Arrays.asList(
                Map.of("id", 1, "day", "2026-05-01", "clicks", "many"),
                Map.of("id", 2, "day", "2026-05-01", "clicks", 1e300),
                Map.of("id", 4, "day", "2026-05-01", "clicks", Map.of("all", new BigDecimal("9".repeat(200)))),
                Map.of("id", 5, "day", "2026-05-01", "clicks", Map.of("all", new BigDecimal("1e400"))),
                Map.of("id", 3, "day", "2026-05-01", "clicks", 3)));

        InMemoryRun run = sync("{id: id, timestamp: day, unify: {kind: metric, values: {clicks: clicks}}}");

        assertThat(run.outputs()).extracting(Output::kind).containsExactly(Kind.CONTENT, Kind.METRIC);
        assertThat(run.failures()).hasSize(1);
        assertThat(Objects.requireNonNull(run.failures().getFirst()).reason())
                .contains("4 records")
                .contains("values.clicks (line")
                .contains("no number");
    }

    private static Unified metric(String series, String value) {
        return new Unified.Metric(series, Map.of("ad", "1"), new BigDecimal(value));
    }

    private InMemoryRun sync(String output) throws Exception {
        return account(output).sync();
    }

    private ConnectedAccount account(String output) throws Exception {
        shop.http.get("/items", request -> Shop.page(shop.items));
        return shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /items}
                records: items
                output:
            """ + output.strip().indent(6));
    }
}
