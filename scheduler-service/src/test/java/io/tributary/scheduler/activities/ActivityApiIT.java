package io.tributary.scheduler.activities;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.HelloApiTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ActivityApiIT extends HelloApiTest {

    private static final String UNIFIED = """
        {"author": {"id": "7", "name": "Ada"}, "text": "Hello", "parent": "p0", "thread": "t1",
         "permalink": "https://example.com/p1", "createdAt": "2026-03-31T00:00:00Z", "counts": {"likes": 2}}\
        """;

    @Test
    void showsAnItemInTheWordsOfAllPlatforms() {
        add(integration, "p1", "comment", "2026-04-01T12:00:00Z", "'" + UNIFIED + "'");

        var page = ann.get(path()).expect(200).json();

        var item = page.get("items").get(0);
        assertThat(page.get("items").size()).isEqualTo(1);
        assertThat(item.get("userIntegrationId").asString()).isEqualTo(integration.toString());
        assertThat(item.get("platform").asString()).isEqualTo("hello");
        assertThat(item.get("kind").asString()).isEqualTo("comment");
        assertThat(item.get("externalId").asString()).isEqualTo("p1");
        assertThat(item.get("author").toString()).isEqualTo("{\"id\":\"7\",\"name\":\"Ada\"}");
        assertThat(item.get("text").asString()).isEqualTo("Hello");
        assertThat(item.get("parent").asString()).isEqualTo("p0");
        assertThat(item.get("thread").asString()).isEqualTo("t1");
        assertThat(item.get("permalink").asString()).isEqualTo("https://example.com/p1");
        assertThat(item.get("counts").get("likes").asInt()).isEqualTo(2);
        assertThat(item.get("createdAt").asString()).isEqualTo("2026-03-31T00:00:00Z");
        assertThat(item.get("time").asString()).isEqualTo("2026-04-01T12:00:00Z");
        assertThat(page.get("nextCursor").isNull()).isTrue();
        assertThat(ann.get("/v1/user-integration-content/" + item.get("id").asLong() + "/content")
                        .expect(200)
                        .body())
                .as("the record as the provider shows it")
                .isEqualTo("{\"raw\": true}");
    }

    @Test
    void showsAnActivityThatIsNotUnifiedByItsContent() {
        add(integration, "a1", "activity", "2026-04-01T12:00:00Z", "null");

        var item = ann.get(path()).expect(200).json().get("items").get(0);

        assertThat(item.get("text").asString()).isEqualTo("{\"raw\": true}");
        assertThat(item.get("permalink").asString()).isEqualTo("https://example.com/source");
        assertThat(item.get("author").get("id").isNull()).isTrue();
        assertThat(item.get("counts").isEmpty()).isTrue();
    }

    @Test
    void showsAnItemWhoseUnifiedPartIsOdd() {
        add(integration, "p1", "post", "2026-04-01T12:00:00Z", "'{\"createdAt\": \"today\", \"counts\": \"many\"}'");
        add(
                integration,
                "p2",
                "post",
                "2026-04-01T11:00:00Z",
                "'{\"createdAt\": 5, \"counts\": [1], \"author\": \"Ada\"}'");
        add(integration, "p3", "post", "2026-04-01T10:00:00Z", "'[]'");

        var items = ann.get(path()).expect(200).json().get("items");

        assertThat(items.size()).isEqualTo(3);
        items.forEach(item -> {
            assertThat(item.get("createdAt")).isEqualTo(item.get("time"));
            assertThat(item.get("counts").toString()).isEqualTo("{}");
        });
    }

    @Test
    void listsTheNewestFirstPageByPageOfAllAccounts() {
        UUID other = ann.connectHello();
        for (int i = 0; i < 12; i++) {
            // Pairs have the same time.
            add(i % 2 == 0 ? integration : other, "p" + i, "post", "2026-04-01T12:0" + i / 2 + ":00Z", "null");
        }

        List<String> ids = all("/v1/activities?limit=5");

        assertThat(ids)
                .containsExactlyElementsOf(IntStream.iterate(11, i -> i >= 0, i -> i - 1)
                        .mapToObj(i -> "p" + i)
                        .toList());
        assertThat(all(path() + "&limit=5")).hasSize(6);
    }

    @Test
    void filtersByKindAndTime() {
        add(integration, "p1", "post", "2026-04-01T12:00:00Z", "null");
        add(integration, "p2", "post", "2026-04-02T12:00:00Z", "null");
        add(integration, "c1", "comment", "2026-04-02T12:00:00Z", "null");
        add(integration, "x1", "content", "2026-04-02T12:00:00Z", "null");

        assertThat(all(path() + "&kind=post")).containsExactly("p2", "p1");
        assertThat(all(path() + "&since=2026-04-02T12:00:00Z&kind=post")).containsExactly("p2");
        assertThat(all(path() + "&until=2026-04-02T12:00:00Z")).containsExactly("p1");
        assertThat(all(path())).containsExactly("c1", "p2", "p1");
    }

    @Test
    void leavesOutWhatTheProviderDeleted() {
        add(integration, "p1", "post", "2026-04-01T12:00:00Z", "null");
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration_content set deleted_at = now() where user_integration_id = :id")
                .param("id", integration)
                .update();

        assertThat(all(path())).isEmpty();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        ann.get(path() + "&kind=content").expectError("kind");
        ann.get(path() + "&since=0000-01-01T00:00:00Z").expectError("since");
        ann.get(path() + "&limit=0").expectError("limit");
        ann.get(path() + "&cursor=QUNUSVZJVElFUzo5MjIzMzcyMDM2ODU0Nzc1ODA3OjE").expectError("cursor");
        ann.get("/v1/activities?userIntegrationId=" + UUID.randomUUID()).expectProblem(404, "api.notFound");
    }

    @Test
    void showsAdministratorsThoseOfTheirOrganisationAndOthersNothing() {
        String org = "acme-" + UUID.randomUUID();
        Api member = scheduler.member("bob-" + UUID.randomUUID(), org);
        add(member.connectHello(), "b1", "message", "2026-04-01T12:00:00Z", "null");

        assertThat(ids(scheduler
                        .orgAdmin("ada", org)
                        .get("/v1/activities")
                        .expect(200)
                        .json()))
                .containsExactly("b1");
        assertThat(ids(scheduler
                        .orgAdmin("ada", "other-" + org)
                        .get("/v1/activities")
                        .expect(200)
                        .json()))
                .isEmpty();
        assertThat(ids(scheduler
                        .member("eve-" + UUID.randomUUID(), org)
                        .get("/v1/activities")
                        .expect(200)
                        .json()))
                .isEmpty();
    }

    @Test
    void aPageIsFoundByTheIndexAlone() {
        add(integration, "p1", "post", "2026-04-01T12:00:00Z", "null");

        var plan = scheduler
                .database()
                .jdbc()
                .sql("""
                    explain select %s from user_integration_content c
                     where c.user_integration_id = :id and c.deleted_at is null
                       and c.kind in ('activity', 'post', 'comment', 'message', 'person')
                       and %2$s >= now() - interval '1 day' and (%2$s, c.id) < (now(), 5)
                     order by %2$s desc, c.id desc limit 5
                    """.formatted(Activity.COLUMNS, Activity.TIME))
                .param("id", integration)
                .query(String.class)
                .list();

        assertThat(String.join("\n", plan))
                .contains("user_integration_content_activities")
                .doesNotContain("Sort");
    }

    private String path() {
        return "/v1/activities?userIntegrationId=" + integration;
    }

    private List<String> all(String firstPage) {
        JsonNode page = ann.get(firstPage).expect(200).json();
        var found = new ArrayList<>(ids(page));
        while (!page.get("nextCursor").isNull()) {
            page = ann.get(firstPage + "&cursor=" + page.get("nextCursor").asString())
                    .expect(200)
                    .json();
            found.addAll(ids(page));
        }
        return found;
    }

    private static List<String> ids(JsonNode page) {
        var ids = new ArrayList<String>();
        page.get("items").forEach(item -> ids.add(item.get("externalId").asString()));
        return ids;
    }

    private void add(UUID account, String externalId, String kind, String time, String unified) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into user_integration_content
                      (user_integration_id, integration_domain, external_id, external_timestamp, kind, name, content,
                       content_metadata, unified, content_hash, run_id, run_sequence)
                    values (:account, 'hello', :externalId, :time::timestamptz, :kind, 'A name', '{"raw": true}',
                            '{"sourceUrl": "https://example.com/source"}', %s, '', gen_random_uuid(), 1)
                    """.formatted(unified))
                .param("account", account)
                .param("externalId", externalId)
                .param("kind", kind)
                .param("time", time)
                .update();
    }
}
