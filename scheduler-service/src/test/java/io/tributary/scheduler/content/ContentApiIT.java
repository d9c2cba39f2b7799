package io.tributary.scheduler.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.content.ContentKey;
import io.tributary.scheduler.testing.HelloApiTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ContentApiIT extends HelloApiTest {

    private static final UUID RUN = UUID.randomUUID();

    @Test
    void showsItemsWithAllThatIsKnown() {
        content("first", "'body'");

        var page = ann.get(path()).expect(200).json();

        var item = page.get("items").get(0);
        assertThat(page.get("items").size()).isEqualTo(1);
        assertThat(item.get("id").isIntegralNumber()).isTrue();
        assertThat(item.get("externalId").asString()).isEqualTo("first");
        assertThat(item.get("externalTimestamp").asString()).isEqualTo("2026-04-01T12:00:00Z");
        assertThat(item.get("kind").asString()).isEqualTo("content");
        assertThat(item.get("name").asString()).isEqualTo("Subject");
        assertThat(item.get("content").asString()).isEqualTo("body");
        assertThat(item.get("contentRef").isNull()).isTrue();
        assertThat(item.get("metadata").toString()).isEqualTo("{\"from\":\"bob\"}");
        assertThat(item.get("runId").asString()).isEqualTo(RUN.toString());
        assertThat(item.get("createdAt").isNull()).isFalse();
        assertThat(item.get("updatedAt").isNull()).isFalse();
        assertThat(item.get("deletedAt").isNull()).isTrue();
        assertThat(page.get("nextCursor").isNull()).isTrue();
    }

    @Test
    void showsMetadataAsItIsHoweverOdd() {
        content("odd", "null");
        String odd = "{\"deep\": " + "[".repeat(600) + "]".repeat(600) + ", \"long\": " + "9".repeat(2000) + "}";
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration_content set content_metadata = :odd::jsonb where user_integration_id"
                        + " = :id")
                .param("odd", odd)
                .param("id", integration)
                .update();

        assertThat(ann.get(path()).expect(200).body()).contains("\"metadata\":" + odd);
    }

    @Test
    void goesThroughItemsPageByPageWithoutMissingAny() {
        for (int i = 0; i < 25; i++) {
            content("item-" + i, "'body'");
        }

        assertThat(all(path() + "&limit=10")).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void findsAnItemByItsExternalId() {
        content("INBOX:1:2", "'one'");
        content("INBOX:1:3", "'two'");

        var page = ann.get(path() + "&externalId=INBOX%3A1%3A3").expect(200).json();

        assertThat(page.get("items").size()).isEqualTo(1);
        assertThat(page.get("items").get(0).get("content").asString()).isEqualTo("two");
        assertThat(ann.get(path() + "&externalId=other")
                        .expect(200)
                        .json()
                        .get("items")
                        .size())
                .isZero();
    }

    @Test
    void looksAtABoundedNumberOfRowsForAPageOfRareItems() {
        int rows = ReadContent.MAX_LOOKED_AT + 10;
        scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into user_integration_content
                      (user_integration_id, integration_domain, external_id, kind, name, content_hash, run_id,
                       run_sequence)
                    select :id, 'hello', 'n' || n, case n when :rows then 'activity' else 'content' end, 'Subject', '',
                           :run, 1
                    from generate_series(1, :rows) n
                    """)
                .param("id", integration)
                .param("run", RUN)
                .param("rows", rows)
                .update();

        var first = ann.get(path() + "&kind=activity").expect(200).json();

        assertThat(first.get("items").size()).isZero();
        assertThat(first.get("nextCursor").isNull()).isFalse();
        assertThat(all(path() + "&kind=activity")).hasSize(1);
    }

    @Test
    void endsAPageBeforeItGetsTooLarge() {
        for (int i = 0; i < 20; i++) {
            content("large-" + i, "repeat('x', 1000000)");
        }

        var first = ann.get(path() + "&limit=1000").expect(200).json();

        assertThat(first.get("items").size()).isEqualTo(ReadContent.MAX_CHARACTERS / 1_000_000);
        assertThat(all(path() + "&limit=1000")).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void asksUsersWhichAccountTheyMean() {
        ann.get("/v1/user-integration-content").expectError("userIntegrationId");
        scheduler.operator().get("/v1/user-integration-content").expect(200);
        scheduler.operator().get("/v1/user-integration-content?externalId=x").expectError("userIntegrationId");
    }

    @Test
    void answersAnotherUserAsIfThereWereNothing() {
        content("private", "'secret'");

        scheduler.user("eve").get(path()).expectProblem(404, "api.notFound");
        ann.get("/v1/user-integration-content?userIntegrationId=" + UUID.randomUUID())
                .expectProblem(404, "api.notFound");
        assertThat(scheduler.operator().get(path()).expect(200).body()).contains("secret");
    }

    @Test
    void downloadsContentFromTheRow() {
        content("small", "'grüße'");

        var answer = ann.get(download("small")).expect(200);

        assertThat(answer.body()).isEqualTo("grüße");
        assertThat(answer.contentType()).isEqualTo("text/plain;charset=UTF-8");
    }

    @Test
    void downloadsLargeContentFromTheStoreForItsOwnerAndOperatorsOnly() throws IOException {
        String large = "ä".repeat(3_000_000);
        var key = ContentKey.of(integration, large.getBytes(UTF_8), Instant.now());
        Path file = scheduler.contentFolder().resolve(key.toString());
        Files.createDirectories(file.getParent());
        Files.writeString(file, large);
        content("large", "null");
        refer("large", "s3://where-it-was-stored/" + key);

        String path = download("large");

        assertThat(ann.get(path).expect(200).body()).isEqualTo(large);
        assertThat(scheduler.operator().get(path).expect(200).body()).isEqualTo(large);
        scheduler.user("eve").get(path).expectProblem(404, "api.notFound");
        scheduler.nobody().get(path).expectProblem(401, "api.unauthenticated");
        Files.delete(file);
        ann.get(path).expectProblem(404, "content.missing");
    }

    @Test
    void followsNoReferenceOutOfTheStoreOrToSomebodyElsesContent() throws IOException {
        var others = ContentKey.of(UUID.randomUUID(), new byte[] {1}, Instant.now());
        Path file = scheduler.contentFolder().resolve(others.toString());
        Files.createDirectories(file.getParent());
        Files.writeString(file, "theirs");
        for (String reference : List.of("file:///etc/passwd", "file:///content/" + others)) {
            content(reference, "null");
            refer(reference, reference);

            ann.get(download(reference)).expectProblem(404, "content.none");
        }
    }

    private String path() {
        return "/v1/user-integration-content?userIntegrationId=" + integration;
    }

    private String download(String externalId) {
        Long id = scheduler
                .database()
                .jdbc()
                .sql("select id from user_integration_content where user_integration_id = :id and external_id = :item")
                .param("id", integration)
                .param("item", externalId)
                .query(Long.class)
                .single();
        return "/v1/user-integration-content/" + id + "/content";
    }

    private void refer(String externalId, String reference) {
        scheduler
                .database()
                .jdbc()
                .sql("update user_integration_content set content_ref = :ref where user_integration_id = :id"
                        + " and external_id = :item")
                .param("ref", reference)
                .param("id", integration)
                .param("item", externalId)
                .update();
    }

    private List<String> all(String firstPage) {
        var found = new ArrayList<String>();
        JsonNode page = ann.get(firstPage).expect(200).json();
        page.get("items").forEach(item -> found.add(item.get("externalId").asString()));
        while (!page.get("nextCursor").isNull()) {
            page = ann.get(firstPage + "&cursor=" + page.get("nextCursor").asString())
                    .expect(200)
                    .json();
            page.get("items").forEach(item -> found.add(item.get("externalId").asString()));
        }
        return found;
    }

    private void content(String externalId, String content) {
        scheduler
                .database()
                .jdbc()
                .sql("""
                    insert into user_integration_content
                      (user_integration_id, integration_domain, external_id, external_timestamp, name, content,
                       content_metadata, content_hash, run_id, run_sequence)
                    values (:integration, 'hello', :externalId, '2026-04-01 12:00Z', 'Subject', %s,
                            '{"from": "bob"}', '', :run, 1)
                    """.formatted(content))
                .param("integration", integration)
                .param("externalId", externalId)
                .param("run", RUN)
                .update();
    }
}
