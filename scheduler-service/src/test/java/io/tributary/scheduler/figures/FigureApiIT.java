package io.tributary.scheduler.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.HelloApiTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FigureApiIT extends HelloApiTest {

    @BeforeEach
    void addFigures() {
        add("clicks", "{\"ad\": \"1\", \"country\": \"DE\"}", "2026-04-01T00:00:00Z", "1.5");
        add("clicks", "{\"ad\": \"1\", \"country\": \"DE\"}", "2026-04-02T00:00:00Z", "2");
        add("clicks", "{\"ad\": \"2:x\"}", "2026-04-01T00:00:00Z", "3");
        add("spend", "{}", "2026-04-01T00:00:00Z", "12345678901234567890.123456789");
    }

    @Test
    void showsFiguresBySeriesAndTimeAndExactly() {
        assertThat(ann.get(path() + "&series=spend").expect(200).body())
                .contains("{\"series\":\"spend\",\"dimensions\":{},\"time\":\"2026-04-01T00:00:00Z\","
                        + "\"value\":12345678901234567890.123456789,\"points\":1,"
                        + "\"sum\":12345678901234567890.123456789,\"min\":12345678901234567890.123456789,"
                        + "\"max\":12345678901234567890.123456789}");
        assertThat(all(path()))
                .containsExactly(
                        "clicks 2026-04-01T00:00:00Z 1.5",
                        "clicks 2026-04-02T00:00:00Z 2",
                        "clicks 2026-04-01T00:00:00Z 3",
                        "spend 2026-04-01T00:00:00Z 1.2345678901234567E19");
    }

    @Test
    void goesThroughFiguresPageByPageWithoutMissingAny() {
        assertThat(all(path() + "&limit=1")).hasSize(4).doesNotHaveDuplicates();
        assertThat(all(path() + "&series=clicks&limit=2")).hasSize(3);
    }

    @Test
    void filtersByDimensionsAndRange() {
        assertThat(all(path() + "&dimensions=ad:1&dimensions=country:DE&from=2026-04-02T00:00:00Z"))
                .containsExactly("clicks 2026-04-02T00:00:00Z 2");
        assertThat(all(path() + "&dimensions=ad:2:x")).containsExactly("clicks 2026-04-01T00:00:00Z 3");
        assertThat(all(path() + "&series=clicks&dimensions=ad:1&to=2026-04-02T00:00:00Z"))
                .containsExactly("clicks 2026-04-01T00:00:00Z 1.5");
        assertThat(all(path() + "&dimensions=ad:3")).isEmpty();
    }

    @Test
    void aDimensionMayHaveACommaInItsValue() {
        add("views", "{\"ad\": \"9\", \"campaign\": \"Spring, EU\"}", "2026-04-01T00:00:00Z", "7");

        assertThat(all(path() + "&dimensions=campaign:Spring,%20EU")).containsExactly("views 2026-04-01T00:00:00Z 7");
        assertThat(all(path() + "&dimensions=campaign:Spring,%20EU&dimensions=ad:9"))
                .hasSize(1);
    }

    @Test
    void showsSumsByAStep() {
        scheduler.database().jdbc().sql("""
                    insert into metric_rollup (series_id, step_minutes, bucket, points, total, least, greatest, last)
                    select id, 1440, '2026-04-01T00:00:00Z', 2, 3.5, 1.5, 2, 2 from metric_series
                     where user_integration_id = :id and series = 'clicks' and dimensions ->> 'country' = 'DE'
                    """).param("id", integration).update();

        var page = ann.get(path() + "&step=1d").expect(200).json();

        assertThat(page.get("items").size()).isEqualTo(1);
        var item = page.get("items").get(0);
        assertThat(item.get("time").asString()).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(item.get("value").asInt()).isEqualTo(2);
        assertThat(item.get("points").asInt()).isEqualTo(2);
        assertThat(item.get("sum").asDouble()).isEqualTo(3.5);
        assertThat(item.get("min").asDouble()).isEqualTo(1.5);
        assertThat(item.get("max").asDouble()).isEqualTo(2);
        assertThat(all(path() + "&step=1h")).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        ann.get("/v1/metrics").expectError("userIntegrationId");
        ann.get(path() + "&step=2h").expectError("step");
        ann.get(path() + "&dimensions=ad").expectError("dimensions");
        ann.get(path() + "&from=%2B10000-01-01T00:00:00Z").expectError("from");
        ann.get(path() + "&cursor=TUVUUklDUzoxOjk5OTk5OTk5OTk5OTk5OTk5OTk").expectError("cursor");
        ann.get("/v1/metrics?userIntegrationId=" + UUID.randomUUID()).expectProblem(404, "api.notFound");
        scheduler.user("eve-" + UUID.randomUUID()).get(path()).expectProblem(404, "api.notFound");
    }

    private String path() {
        return "/v1/metrics?userIntegrationId=" + integration;
    }

    private List<String> all(String firstPage) {
        JsonNode page = ann.get(firstPage).expect(200).json();
        var found = new ArrayList<>(texts(page));
        while (!page.get("nextCursor").isNull()) {
            page = ann.get(firstPage + "&cursor=" + page.get("nextCursor").asString())
                    .expect(200)
                    .json();
            found.addAll(texts(page));
        }
        return found;
    }

    private static List<String> texts(JsonNode page) {
        var texts = new ArrayList<String>();
        page.get("items")
                .forEach(item -> texts.add(
                        item.get("series").asString() + " " + item.get("time").asString() + " " + item.get("value")));
        return texts;
    }

    private void add(String series, String dimensions, String time, String value) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    with existing as (
                      insert into metric_series (user_integration_id, key, series, dimensions)
                      values (:account, md5(:series || :dimensions)::uuid, :series, :dimensions::jsonb)
                      on conflict (user_integration_id, key) do update set series = excluded.series returning id)
                    insert into metric_point (series_id, at, value, run_id, run_sequence)
                    select id, :time::timestamptz, :value::numeric, gen_random_uuid(), 1
                      from existing
                    """)
                .param("account", integration)
                .param("series", series)
                .param("dimensions", dimensions)
                .param("time", time)
                .param("value", value)
                .update();
    }
}
