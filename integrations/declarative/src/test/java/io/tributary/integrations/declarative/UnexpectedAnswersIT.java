package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers answer in forms that nobody expected, as public reports show them. */
class UnexpectedAnswersIT {

    private static final String USERS = Shop.HEAD + """
          users:
            request: {path: /users}
            records: users
            pagination: {type: cursor, parameter: cursor, next: next}
            output: {id: id, timestamp: lastLogin, name: name}
        """;

    private final Shop shop = new Shop();

    @AfterEach
    void stop() {
        shop.close();
    }

    private void page(String cursor, String json) {
        shop.http.get("/users", request -> ScriptedAnswer.json(json));
        shop.http.inject(
                new Fault.Instead(ScriptedAnswer.json(json)),
                When.always()
                        .where(request -> request.query("cursor").orElse("").equals(cursor)));
    }

    private static List<String> ids(InMemoryRun run) {
        return run.outputs().stream().map(Output::externalId).toList();
    }

    @Test
    void takesARecordWithoutTheTimeThatMysqlWritesForNone() throws InterruptedException {
        page("", """
            {"users": [{"id": "u1", "lastLogin": "2026-03-01T09:00:00Z"}, {"id": "u2", "lastLogin": null}], "next": "p2"}
            """);
        page("p2", """
            {"users": [{"id": "u3", "lastLogin": "2026-03-03 09:00:00"}, {"id": "u4", "lastLogin": "0000-00-00 00:00:00"}],
             "next": "p3"}
            """);
        page("p3", """
            {"users": [{"id": "u5", "lastLogin": "0001-01-01T00:00:00Z"}], "next": null}
            """);

        InMemoryRun run = shop.accountOf(USERS).sync();

        assertThat(run.failures()).isEmpty();
        assertThat(ids(run)).containsExactly("u1", "u2", "u3", "u4", "u5");
        assertThat(run.outputs())
                .extracting(Output::externalTimestamp)
                .containsExactly(
                        Instant.parse("2026-03-01T09:00:00Z"), null, Instant.parse("2026-03-03T09:00:00Z"), null, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\": \"bad\", \"lastLogin\": \"yesterday\"}",
                "{\"id\": \"\", \"lastLogin\": null}",
                "{\"name\": \"no id\"}",
                "{\"id\": {\"$oid\": null}, \"lastLogin\": [\"x\"]}",
                "null",
                "\"text\""
            })
    void losesNothingBesideAndBehindARecordThatCannotBeRead(String bad) throws InterruptedException {
        page("", "{\"users\": [{\"id\": \"u1\"}, " + bad + ", {\"id\": \"u3\"}], \"next\": \"p2\"}");
        page("p2", "{\"users\": [{\"id\": \"u4\"}], \"next\": null}");

        InMemoryRun run = shop.accountOf(USERS).sync();

        assertThat(ids(run)).contains("u1", "u3", "u4");
        assertThat(run.failureCodes()).containsExactly("shop.expressionFailed");
        assertThat(run.failures().getFirst().reason()).startsWith("1 record of a page of users could not be taken");
    }

    @Test
    void goesOnBehindAPageOfWhichNoRecordCanBeRead() throws InterruptedException {
        page("", "{\"users\": [{\"id\": null}, {\"id\": null}], \"next\": \"p2\"}");
        page("p2", "{\"users\": [{\"id\": \"u4\"}], \"next\": null}");

        InMemoryRun run = shop.accountOf(USERS).sync();

        assertThat(ids(run)).containsExactly("u4");
        assertThat(run.failures().getFirst().reason()).startsWith("2 records");
    }

    @Test
    void deletesNoRecordThatItCouldNotRead() throws InterruptedException {
        page("", "{\"users\": [{\"id\": \"u1\", \"lastLogin\": \"yesterday\"}], \"next\": null}");

        InMemoryRun run = shop.accountOf(USERS.replace(
                        "streams:\n", "syncTypes: {all: {streams: [users], listsEverything: true}}\nstreams:\n"))
                .sync();

        assertThat(run.listing().externalIds()).containsExactly("u1");
        assertThat(run.succeeded()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        null                             | $
        {"groups": null}                 | [groups]
        {"groups": []}                   | groups
        {}                               | [groups]
        """)
    void readsTheEmptyListsOfProgramsInGo(String body, String records) throws InterruptedException {
        shop.http.get("/users", request -> ScriptedAnswer.json(body));

        InMemoryRun run = shop.accountOf(Shop.HEAD + """
              groups:
                request: {path: /users}
                records: "%s"
                output: {id: id}
            """.formatted(records)).sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).isEmpty();
    }

    /** RFC 3986, section 5.4: the address of the page that was read is {@code /v2/orders?x=1}. */
    @ParameterizedTest
    @CsvSource({
        "?page=2,/v2/orders?page=2",
        "orders?page=2,/v2/orders?page=2",
        "./orders?page=2,/v2/orders?page=2",
        "../v2/orders?page=2,/v2/orders?page=2",
        "../../../v2/orders?page=2,/v2/orders?page=2",
        "/v2/orders?page=2,/v2/orders?page=2",
        "//elsewhere.example/v2/orders?page=2,/v2/orders?page=2",
        "https://elsewhere.example/v2/orders?page=2#top,/v2/orders?page=2",
        "/v2/orders?page=2&q=a b,/v2/orders?page=2&q=a%20b",
        "/v2/orders?page=2&q=ü,/v2/orders?page=2&q=%C3%BC",
        "/v2/orders?page=2&q=a%20b|c,/v2/orders?page=2&q=a%20b%7Cc"
    })
    void followsEveryFormOfAnAddress(String next, String requested) throws InterruptedException {
        shop.http.get(
                "/v2/orders",
                request -> ScriptedAnswer.json(
                        request.query("page").isPresent()
                                ? new JsonObject(Map.of("items", List.of(Map.of("id", "o3")), "next", false))
                                : new JsonObject(Map.of(
                                        "items", List.of(Map.of("id", "o1"), Map.of("id", "o2")), "next", next))));

        InMemoryRun run = shop.accountOf(Shop.HEAD + """
              orders:
                request: {path: /v2/orders, query: {x: 1}}
                records: items
                pagination: {type: nextUrl, next: next}
                output: {id: id}
            """).sync();

        assertThat(run.failures()).isEmpty();
        assertThat(ids(run)).containsExactly("o1", "o2", "o3");
        assertThat(shop.asked().getLast()).isEqualTo("GET " + requested);
    }

    /** Lists that lead back to a page that was read, at once or in a circle. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {type: cursor, parameter: page, next: next}                  | 1 | 2
        {type: cursor, parameter: page, next: next}                  | 3 | 4
        {type: nextUrl, next: "'?page=' & next"}                     | 1 | 2
        {type: nextUrl, next: "'?page=' & next"}                     | 4 | 5
        {type: link}                                                 | 2 | 3
        {type: page, parameter: p, size: 2, recheck: false}          | 1 | 2
        {type: page, parameter: p, recheck: false}                   | 3 | 4
        {type: offset, parameter: p, hasMore: "true", recheck: false}| 1 | 2
        """)
    void endsAListThatLeadsBack(String pagination, int circle, int most) throws InterruptedException {
        shop.http.get("/items", request -> {
            int answered = shop.http.requests().size() - 1;
            int next = answered % circle;
            return ScriptedAnswer.json(new JsonObject(
                            Map.of("items", List.of(Map.of("id", "a" + next), Map.of("id", "b" + next)), "next", next)))
                    .header("Link", "<?page=" + next + ">; rel=\"next\"");
        });

        InMemoryRun run = shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /items}
                records: items
                pagination: %s
                output: {id: id}
            """.formatted(pagination)).sync();

        assertThat(run.failureCodes()).containsExactly("shop.pagesRepeat");
        assertThat(shop.http.requests()).hasSizeLessThanOrEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "{\"pk\":\"a\",\"n\":7}", "\"7\"", "9007199254740993", "[1,\"a\"]"})
    void sendsACursorInTheBodyWithTheTypeThatItCameWith(String cursor) throws InterruptedException {
        shop.http.post(
                "/search",
                request -> ScriptedAnswer.json(
                        request.json().has("after")
                                ? "{\"items\": [{\"id\": 2}]}"
                                : "{\"items\": [{\"id\": 1}], \"next\": " + cursor + "}"));

        InMemoryRun run = shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /search, method: POST, body: {after: "${page.cursor}"}}
                records: items
                pagination: {type: cursor, next: next}
                output: {id: id}
            """).sync();

        assertThat(ids(run)).containsExactly("1", "2");
        assertThat(shop.http.requests().get(1).text()).isEqualTo("{\"after\":" + cursor + "}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"error_code": 429, "parameters": {"retry_after": 35}} | body.parameters.retry_after | 35
        {"wait": "2.5"}                                        | body.wait                   | 3
        {"until": "2026-05-02T15:47:40Z"}                      | body.until                  | 60
        {"wait": "1m30s"}                                      | body.wait                   | 90
        {"wait": null}                                         | body.wait                   | 40
        {"ms": 7000}                                           | body.ms / 1000              | 7
        """)
    void waitsAsLongAsTheBodySays(String body, String waitFrom, long seconds) throws InterruptedException {
        shop.http.get("/users", request -> ScriptedAnswer.json("users", List.of()));
        shop.http.inject(new Fault.Instead(ScriptedAnswer.json(body).withStatus(420)), When.next());

        InMemoryRun run = shop.accountOf(USERS.replace("streams:\n", """
            errors:
              - {status: 420, failure: retryLater, waitFrom: "%s", wait: 40s, message: Wait.}
            streams:
            """.formatted(waitFrom)))
                .sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.waits().getFirst())
                .isBetween(Duration.ofMillis(seconds * 1000 - 500), Duration.ofSeconds(seconds));
    }

    private static final String TELEGRAM = """
        domain: shop
        version: 1.0.0
        displayName: Shop
        baseUrl: http://127.0.0.1:1
        auth: {type: apiKey, pathPrefix: /bot}
        streams:
          updates:
            request: {path: /getUpdates}
            records: result
            pagination: {type: nextUrl, next: next}
            output: {id: id}
        """;

    @Test
    void sendsAKeyInThePathAndShowsItNowhere() throws InterruptedException {
        shop.http.get(
                "/bot12:s3cret-key/getUpdates",
                request -> ScriptedAnswer.json(
                        request.query("offset").isPresent()
                                ? new JsonObject(Map.of("result", List.of(Map.of("id", 2))))
                                : new JsonObject(
                                        Map.of(
                                                "result",
                                                List.of(Map.of("id", 1)),
                                                "next",
                                                "https://api.example/bot12%3As3cret-key/getUpdates?token=12:s3cret-key&offset=1"))));
        ConnectedAccount account = shop.accountOf(TELEGRAM).credentials(Map.of("apiKey", "12:s3cret-key"));

        InMemoryRun run = account.sync();
        shop.http.inject(Fault.status(404), When.next());
        shop.http.inject(Fault.reset(), When.request(2).times(9));
        InMemoryRun refused = account.sync();
        InMemoryRun broken = account.sync();

        assertThat(ids(run)).containsExactly("1", "2");
        assertThat(shop.asked().get(1)).doesNotContain("token");
        assertThat(run.tasks()).noneMatch(task -> task.payload().toJson().contains("s3cret"));
        assertThat(refused.failures().getFirst().reason())
                .contains("***/getUpdates")
                .doesNotContain("s3cret");
        assertThat(broken.failures().getFirst().reason())
                .contains("***/getUpdates")
                .doesNotContain("s3cret");
    }

    @Test
    void sendsASecondSecret() throws InterruptedException {
        shop.http.get("/users", request -> {
            assertThat(request.header("Authorization")).contains("Bearer first");
            assertThat(request.header("developer-token")).contains("second");
            return ScriptedAnswer.json("users", List.of());
        });
        String yaml = USERS.replace("streams:\n", """
            auth: {type: bearer, more: [{credential: developerToken, header: developer-token}]}
            streams:
            """);

        InMemoryRun both = shop.accountOf(yaml)
                .credentials(Map.of("accessToken", "first", "developerToken", "second"))
                .sync();
        InMemoryRun one =
                shop.accountOf(yaml).credentials(Map.of("accessToken", "first")).sync();

        assertThat(both.failures()).isEmpty();
        assertThat(one.failureCodes()).containsExactly("polling.credentialsMissing");
    }

    /** With header authentication, some providers repeat the token in the address of the next page. */
    @Test
    void leavesATokenOutOfTheAddressOfTheNextPage() throws InterruptedException {
        shop.http.get(
                "/users",
                request -> ScriptedAnswer.json(
                        request.query("page").isPresent()
                                ? new JsonObject(Map.of("users", List.of()))
                                : new JsonObject(Map.of(
                                        "users",
                                        List.of(Map.of("id", "u1")),
                                        "next",
                                        "/users?access_token=a+token%2F1&page=2&sig=x"))));
        String yaml = USERS.replace("streams:\n", "auth: {type: bearer}\nstreams:\n")
                .replace("{type: cursor, parameter: cursor, next: next}", "{type: nextUrl, next: next}");

        InMemoryRun run = shop.accountOf(yaml)
                .credentials(Map.of("accessToken", "a token/1"))
                .sync();

        assertThat(run.failures()).isEmpty();
        assertThat(shop.asked().getLast()).isEqualTo("GET /users?page=2&sig=x");
        assertThat(run.tasks()).noneMatch(task -> task.payload().toJson().contains("token"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {type: since, value: changed, skipOlder: true}
        {type: since, value: changed, skipOlder: true, overlap: 5m}
        {type: afterId, value: id, skipOlder: true}
        """)
    void leavesOutWhatIsKnownOfAListWithTheOldestFirst(String incremental) throws InterruptedException {
        shop.stock(1, 30);
        shop.http.get("/items", request -> {
            int page = request.query("page").map(Integer::valueOf).orElse(1);
            return Shop.page(shop.part((page - 1) * 10, 10));
        });
        ConnectedAccount account = shop.account("""
            request: {path: /items}
            pagination: {type: page, parameter: page, size: 10}
            incremental: %s
            """.formatted(incremental));
        assertThat(ids(account.sync())).hasSize(30);
        shop.stock(31, 33);

        assertThat(ids(account.sync())).containsExactly("31", "32", "33");
        assertThat(ids(account.sync())).isEmpty();
    }

    @Test
    void keepsTheLinkOfALastPageThatIsEmptyForNoPage() throws InterruptedException {
        shop.stock(1, 2);
        shop.http.get("/items", request -> Shop.page(shop.items).header("Link", "<>; rel=\"next\""));

        InMemoryRun run = shop.account("""
            request: {path: /items}
            pagination: {type: link}
            """).sync();

        assertThat(Optional.of(run.outputs().size())).contains(2);
    }
}
