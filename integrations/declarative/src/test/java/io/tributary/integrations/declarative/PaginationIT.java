package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaginationIT {

    private static final String BY_NUMBER = """
        request: {path: /items}
        pagination: {type: page, parameter: page, sizeParameter: size, size: 10}
        """;

    private final Shop shop = new Shop();

    @AfterEach
    void stop() {
        shop.close();
    }

    private static int number(ReceivedRequest request, String parameter) {
        return request.query(parameter).map(Integer::valueOf).orElse(0);
    }

    private static List<String> ids(InMemoryRun run) {
        return run.outputs().stream().map(Output::externalId).toList();
    }

    private static String[] ids(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toArray(String[]::new);
    }

    private void pagesByNumber() {
        shop.http.get("/items", request -> Shop.page(shop.part((number(request, "page") - 1) * 10, 10)));
    }

    @Test
    void readsPagesByNumberEachInATaskOfItsOwn() throws InterruptedException {
        shop.stock(1, 25);
        pagesByNumber();

        InMemoryRun run = shop.account(BY_NUMBER).sync();

        assertThat(ids(run)).containsExactly(ids(1, 25));
        assertThat(run.tasks("items")).hasSize(3);
        assertThat(shop.asked())
                .containsExactly(
                        "GET /items?size=10&page=1",
                        "GET /items?size=10&page=2",
                        "GET /items?size=10&page=1",
                        "GET /items?size=10&page=3",
                        "GET /items?size=10&page=2");
    }

    @Test
    void findsWhatMovedToAPageThatWasRead() throws InterruptedException {
        shop.stock(1, 30);
        pagesByNumber();
        removeAfterRequest(1, 3);
        removeAfterRequest(3, 12);

        assertThat(ids(shop.account(BY_NUMBER).sync())).containsExactlyInAnyOrder(ids(1, 30));
    }

    @Test
    void asksOnceWhereNothingIsRemoved() throws InterruptedException {
        InMemoryRun run = syncByNumber("recheck: false");

        assertThat(ids(run)).containsExactly(ids(1, 25));
        assertThat(shop.http.requests()).hasSize(3);
    }

    private void removeAfterRequest(int request, int id) {
        shop.http.inject(
                new Fault.Changed(answer -> {
                    shop.remove(id);
                    return answer;
                }),
                When.request(request));
    }

    @Test
    void readsPagesByOffsetAsLongAsTheyAreAndFindsWhatMoved() throws InterruptedException {
        shop.stock(1, 25);
        // Gives 7 however many are asked for.
        shop.http.get("/items", request -> Shop.page(shop.part(number(request, "offset"), 7)));
        removeAfterRequest(1, 3);

        InMemoryRun run = shop.account("""
            request: {path: /items}
            pagination: {type: offset, parameter: offset}
            """).sync();

        assertThat(ids(run)).containsExactlyInAnyOrder(ids(1, 25));
        assertThat(shop.http.requests().get(1).rawQuery()).isEqualTo("offset=7");
    }

    @Test
    void sendsCursorsWithReservedCharactersAsTheyCame() throws InterruptedException {
        shop.stock(1, 6);
        shop.http.get("/items", request -> {
            int from = request.query("cursor")
                    .map(text -> Integer.parseInt(text.substring(6)))
                    .orElse(0);
            return cursorPage(from, "a+/=&#" + (from + 2));
        });

        InMemoryRun run = shop.account("""
            request: {path: /items}
            pagination: {type: cursor, parameter: cursor, next: paging.next}
            """).sync();

        assertThat(ids(run)).containsExactly(ids(1, 6));
        assertThat(shop.http.requests().get(1).rawQuery()).isEqualTo("cursor=a%2B%2F%3D%26%232");
    }

    private ScriptedAnswer cursorPage(int from, String next) {
        return ScriptedAnswer.json(
                from + 2 >= shop.items.size()
                        ? new JsonObject(Map.of("items", shop.part(from, 2)))
                        : new JsonObject(Map.of("items", shop.part(from, 2), "paging", Map.of("next", next))));
    }

    @Test
    void sendsACursorInTheBody() throws InterruptedException {
        shop.stock(1, 5);
        shop.http.post("/search", request -> {
            int from = request.json().integer("after").orElse(0L).intValue();
            assertThat(request.json().requireInteger("limit")).isEqualTo(2);
            assertThat(request.json().values()).hasSize(from == 0 ? 1 : 2);
            return cursorPage(from, String.valueOf(from + 2));
        });

        InMemoryRun run = shop.account("""
            request:
              method: POST
              path: /search
              body: {limit: 2, after: "${$number(page.cursor)}"}
            pagination: {type: cursor, next: paging.next}
            """).sync();

        assertThat(ids(run)).containsExactly(ids(1, 5));
    }

    @Test
    void takesACursorFromAHeader() throws InterruptedException {
        shop.stock(1, 5);
        shop.http.get("/items", request -> {
            int from = number(request, "cursor");
            ScriptedAnswer answer = Shop.page(shop.part(from, 2));
            return from + 2 < 5 ? answer.header("X-Next", String.valueOf(from + 2)) : answer;
        });

        InMemoryRun run = shop.account("""
            request: {path: /items}
            pagination: {type: cursor, parameter: cursor, next: $header('X-Next')}
            """).sync();

        assertThat(ids(run)).containsExactly(ids(1, 5));
    }

    @Test
    void followsLinkHeadersWithTheCredentialsGoingNowhereElse() throws InterruptedException {
        shop.stock(1, 5);
        shop.http.get("/v1/items", request -> {
            assertThat(request.query("key")).contains("s3cret");
            int from = number(request, "from");
            ScriptedAnswer answer = Shop.page(shop.part(from, 2));
            return from + 2 < 5
                    ? answer.header(
                            "Link",
                            "<http://elsewhere.example/v1/items?key=s3cret&from=" + (from + 2) + ">; rel=\"next\"")
                    : answer;
        });
        String file = Shop.file("""
            request: {path: /v1/items}
            pagination: {type: link}
            """).replace("streams:", "auth: {type: apiKey, query: key}\nstreams:");

        InMemoryRun run =
                shop.accountOf(file).credentials(Map.of("apiKey", "s3cret")).sync();

        assertThat(ids(run)).containsExactly(ids(1, 5));
        assertThat(run.tasks()).noneMatch(task -> task.payload().toJson().contains("s3cret"));
    }

    @Test
    void followsUrlsInTheBody() throws InterruptedException {
        shop.stock(1, 5);
        String odd = URLEncoder.encode("x y&z", StandardCharsets.UTF_8);
        shop.http.get(
                "/items",
                request -> cursorPage(
                        number(request, "from"), "/items?q=" + odd + "&from=" + (number(request, "from") + 2)));

        InMemoryRun run = shop.account("""
            request: {path: /items}
            pagination: {type: nextUrl, next: paging.next}
            """).sync();

        assertThat(ids(run)).containsExactly(ids(1, 5));
        assertThat(shop.http.requests().get(1).query("q")).contains("x y&z");
    }

    @Test
    void goesOnFromTheLastRecordAndLosesNothingWhileTheListChanges() throws InterruptedException {
        shop.stock(1, 25);
        changedSince();
        removeAfterRequest(1, 3);

        InMemoryRun run = shop.account("""
            request: {path: /items, query: {since: "${since}"}}
            pagination: {type: keyset, size: 10}
            incremental: {type: since, value: changed}
            """).sync();

        assertThat(ids(run)).containsExactly(ids(1, 25));
        assertThat(shop.http.requests().get(1).query("since"))
                .contains(Shop.NOON.plusSeconds(10).toString());
    }

    @Test
    void turnsPagesWhereAllRecordsHaveOneTime() throws InterruptedException {
        shop.stock(1, 25);
        shop.items.forEach(item -> item.put("changed", Shop.NOON.toString()));
        changedSince();
        String stream = """
            request: {path: /items, query: {since: "${since}"}}
            pagination: {type: keyset, size: 10, parameter: page}
            incremental: {type: since, value: changed}
            """;

        assertThat(ids(shop.account(stream).sync())).containsExactly(ids(1, 25));
        assertThat(shop.account(stream.replace(", parameter: page", "")).sync().failureCodes())
                .containsExactly("shop.pagesRepeat");
    }

    /** Syncs 25 items in numbered pages of ten, with one more option. */
    private InMemoryRun syncByNumber(String option) throws InterruptedException {
        shop.stock(1, 25);
        pagesByNumber();
        return shop.account(BY_NUMBER.replace("size: 10}", "size: 10, " + option + "}"))
                .sync();
    }

    private void changedSince() {
        shop.http.get("/items", request -> {
            int page = Math.max(1, number(request, "page"));
            return Shop.page(shop.since(request).stream()
                    .skip((page - 1) * 10L)
                    .limit(10)
                    .toList());
        });
    }

    @Test
    void failsRatherThanLeaveOutPages() throws InterruptedException {
        InMemoryRun run = syncByNumber("maxPages: 2");

        assertThat(run.failureCodes()).containsExactly("shop.tooManyPages");
    }

    @ParameterizedTest
    @CsvSource({
        "'type: cursor, parameter: cursor', same, shop.pagesRepeat",
        "'type: nextUrl', http://a b/, shop.expressionFailed"
    })
    void failsWhenAPageNamesNoOtherOne(String way, String next, String code) throws InterruptedException {
        shop.stock(1, 9);
        shop.http.get("/items", request -> cursorPage(0, next));

        InMemoryRun run = shop.account("""
            request: {path: /items}
            pagination: {%s, next: paging.next}
            """.formatted(way)).sync();

        assertThat(run.failureCodes()).containsExactly(code);
    }

    @Test
    void countsRecordsThatBecomeNothingToo() throws InterruptedException {
        shop.stock(1, 25);
        pagesByNumber();

        InMemoryRun run = shop.accountOf(Shop.file(BY_NUMBER).replace("id: id", "id: id\n      when: id % 5 = 0"))
                .sync();

        assertThat(ids(run)).containsExactly("5", "10", "15", "20", "25");
    }

    @Test
    void endsWhereTheAnswerSaysThatThereIsNoMore() throws InterruptedException {
        shop.stock(1, 10);
        pagesByNumber();

        shop.account(BY_NUMBER.replace("size: 10}", "size: 10, hasMore: \"$count(items) > 10\"}"))
                .sync();

        assertThat(shop.http.requests()).hasSize(1);
    }

    @Test
    void readsOnBehindAShortOrEmptyPageWhereTheAnswerSaysThatThereIsMore() throws InterruptedException {
        shop.stock(1, 25);
        // What is hidden is counted, but not shown.
        shop.http.get("/items", request -> {
            int page = number(request, "page");
            return Shop.page(shop.part((page - 1) * 5, 5).stream()
                            .filter(item -> Shop.id(item) > 10 || Shop.id(item) == 1)
                            .toList())
                    .header("X-Next", page < 5 ? String.valueOf(page + 1) : "");
        });

        InMemoryRun run = shop.account(BY_NUMBER.replace("size: 10}", "size: 5, hasMore: $header('X-Next')}"))
                .sync();

        assertThat(ids(run)).contains(ids(11, 25)).hasSize(16);
    }

    @Test
    void failsWhenAnOffsetDoesNotGoOn() throws InterruptedException {
        shop.http.get("/items", request -> Shop.page(List.of()));

        InMemoryRun run = shop.account("""
            request: {path: /items}
            pagination: {type: offset, parameter: offset, hasMore: "true"}
            """).sync();

        assertThat(run.failureCodes()).containsExactly("shop.pagesRepeat");
    }

    @Test
    void repeatsOnePageAfterACrash() throws InterruptedException {
        shop.stock(1, 25);
        pagesByNumber();

        // The first task starts the stream.
        InMemoryRun run = shop.account(BY_NUMBER.replace("size: 10}", "size: 10, recheck: false}"))
                .crashAfterTask(3)
                .sync();

        assertThat(ids(run)).containsExactly(ids(1, 25));
        assertThat(shop.http.requests())
                .extracting(request -> number(request, "page"))
                .containsExactly(1, 2, 2, 3);
    }
}
