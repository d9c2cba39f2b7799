package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IncrementalIT {

    private static final String SINCE = """
        request: {path: /items, query: {since: "${since}", until: "${until}"}}
        pagination: {type: page, parameter: page, size: 2, first: 0}
        incremental: {type: since, value: changed}
        """;

    private final Shop shop = new Shop();

    @AfterEach
    void stop() {
        shop.close();
    }

    private static List<String> ids(InMemoryRun run) {
        return run.outputs().stream().map(Output::externalId).toList();
    }

    private void itemsSince() {
        shop.http.get("/items", request -> {
            int page = request.query("page").map(Integer::valueOf).orElse(0);
            return Shop.page(
                    shop.since(request).stream().skip(page * 2L).limit(2).toList());
        });
    }

    /** An account that has read these items. */
    private ConnectedAccount synced(int from, int to, String stream) throws InterruptedException {
        shop.stock(from, to);
        itemsSince();
        ConnectedAccount account = shop.account(stream);
        account.sync();
        return account;
    }

    @Test
    void asksForWhatIsNewByTimeAndFindsExactlyThat() throws InterruptedException {
        ConnectedAccount account = synced(1, 5, SINCE);

        assertThat(account.syncState().object("items").text("since"))
                .contains(Shop.NOON.plusSeconds(5).toString());
        assertThat(account.sync().outputs()).isEmpty();
        assertThat(shop.http.requests().getLast().query("since"))
                .contains(Shop.NOON.plusSeconds(5).toString());

        shop.stock(6, 7);
        shop.items.getFirst().put("changed", Shop.NOON.plusSeconds(8).toString());
        assertThat(ids(account.sync())).containsExactlyInAnyOrder("1", "6", "7");
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void findsAnotherRecordOfTheVeryTimeThatWasReached() throws InterruptedException {
        ConnectedAccount account = synced(1, 3, SINCE);
        var late = Shop.item(3);
        late.put("id", 30);
        shop.items.add(late);

        assertThat(ids(account.sync())).containsExactly("30");
    }

    @Test
    void knowsWhatItReachedAlsoOnALaterPageOfAListWithTheNewestFirst() throws InterruptedException {
        shop.stock(1, 3);
        shop.http.get("/items", request -> {
            List<Map<String, Object>> newestFirst = shop.since(request).reversed();
            int from = request.query("cursor").map(Integer::valueOf).orElse(0);
            JsonObject page = JsonObject.of(
                    "items", newestFirst.stream().skip(from).limit(2).toList());
            return ScriptedAnswer.json(from + 2 < newestFirst.size() ? page.with("next", from + 2) : page);
        });
        ConnectedAccount account = shop.account("""
            request: {path: /items, query: {since: "${since}"}}
            pagination: {type: cursor, parameter: cursor, next: next}
            incremental: {type: since, value: changed}
            """);
        assertThat(ids(account.sync())).containsExactly("3", "2", "1");

        shop.stock(4, 5);
        assertThat(ids(account.sync())).containsExactly("5", "4");
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void asksAgainForAnOverlapAndKnowsWhatComesAgain() throws InterruptedException {
        ConnectedAccount account =
                synced(100, 110, SINCE.replace("value: changed", "value: changed, overlap: 1m, format: seconds"));
        shop.stock(90, 90);

        assertThat(ids(account.sync())).containsExactly("90");
        assertThat(shop.http.requests().getLast().query("since"))
                .contains(String.valueOf(Shop.NOON.plusSeconds(50).getEpochSecond()));
    }

    @Test
    void doesNotLetOneRecordOfTheFutureHideTheOthers() throws InterruptedException {
        shop.stock(1, 2);
        shop.items.getFirst().put("changed", "2099-01-01T00:00:00Z");
        itemsSince();
        ConnectedAccount account = shop.account(SINCE);
        account.sync();

        assertThat(account.syncState().object("items").text("since"))
                .contains(shop.clock.instant().toString());
    }

    @Test
    void leavesTheStateWhenARunFailsAndBeginsThereAgain() throws InterruptedException {
        shop.stock(1, 5);
        itemsSince();
        shop.http.inject(Fault.status(400), When.request(4));
        ConnectedAccount account = shop.account(SINCE);

        assertThat(account.sync().failureCodes()).containsExactly("shop.requestRefused");
        assertThat(account.syncState()).isEqualTo(JsonObject.EMPTY);
        shop.http.heal();
        assertThat(ids(account.sync())).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void keepsToTheDatesThatARunIsAskedForAndLeavesTheState() throws InterruptedException {
        ConnectedAccount account = synced(1, 9, SINCE);
        JsonObject before = account.syncState();

        InMemoryRun run = account.sync(new Options(Shop.NOON.plusSeconds(3), Shop.NOON.plusSeconds(6), false));

        assertThat(ids(run)).containsExactly("3", "4", "5");
        assertThat(shop.http.requests().getLast().query("until"))
                .contains(Shop.NOON.plusSeconds(6).toString());
        assertThat(account.syncState()).isEqualTo(before);
        assertThat(ids(account.sync(new Options(null, null, true)))).hasSize(9);
    }

    @Test
    void beginsAFirstSyncAtItsWindowAndGoesOnFromThere() throws InterruptedException {
        shop.stock(1, 9);
        itemsSince();
        ConnectedAccount account = shop.account(SINCE);

        assertThat(ids(account.sync(Options.firstSync(Shop.NOON.plusSeconds(7)))))
                .containsExactly("7", "8", "9");
        assertThat(shop.http.requests().getFirst().query("since"))
                .contains(Shop.NOON.plusSeconds(7).toString());

        shop.stock(10, 10);
        assertThat(ids(account.sync())).containsExactly("10");
    }

    @Test
    void asksForWhatHasAHigherId() throws InterruptedException {
        shop.stock(8, 11);
        shop.http.get("/items", request -> {
            int after = request.query("after").map(Integer::valueOf).orElse(0);
            return Shop.page(shop.items.stream()
                    .filter(item -> Shop.id(item) > after)
                    .limit(2)
                    .toList());
        });
        ConnectedAccount account = shop.account("""
            request: {path: /items, query: {after: "${after}"}}
            pagination: {type: keyset, size: 2}
            incremental: {type: afterId, value: id}
            """);

        // 9 is less than 11, though not as a text.
        assertThat(ids(account.sync())).containsExactly("8", "9", "10", "11");
        assertThat(account.sync().outputs()).isEmpty();
        shop.stock(12, 12);
        assertThat(ids(account.sync())).containsExactly("12");
    }

    @Test
    void goesOnFromTheCursorOfTheLastSyncAndBeginsAnewWhenItHasExpired() throws InterruptedException {
        shop.stock(1, 3);
        shop.http.get("/items", request -> {
            int from = request.query("token").map(Integer::valueOf).orElse(0);
            return ScriptedAnswer.json(
                    JsonObject.of("items", shop.part(from, 100)).with("nextToken", shop.items.size()));
        });
        ConnectedAccount account = shop.account("""
            request: {path: /items, query: {token: "${cursor}"}}
            incremental: {type: cursor, next: nextToken, expired: {status: 410}}
            """);

        assertThat(ids(account.sync())).containsExactly("1", "2", "3");
        assertThat(account.sync().outputs()).isEmpty();
        shop.stock(4, 4);
        assertThat(ids(account.sync())).containsExactly("4");

        shop.http.inject(Fault.status(410), When.next());
        InMemoryRun run = account.sync();
        assertThat(run.succeeded()).isTrue();
        assertThat(ids(run)).containsExactly("1", "2", "3", "4");
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void stopsAtAPageOfWhatIsKnown() throws InterruptedException {
        for (int id = 20; id > 0; id--) {
            shop.stock(id, id);
        }
        shop.http.get(
                "/items",
                request -> Shop.page(
                        shop.part((request.query("page").map(Integer::valueOf).orElse(0) - 1) * 5, 5)));
        ConnectedAccount account = shop.account("""
            request: {path: /items}
            pagination: {type: page, parameter: page, size: 5, recheck: false}
            incremental: {type: stopAtKnown, version: changed}
            """);
        assertThat(ids(account.sync())).hasSize(20);
        int before = shop.http.requests().size();

        assertThat(account.sync().outputs()).isEmpty();
        assertThat(shop.http.requests()).hasSize(before + 1);

        shop.items.addFirst(Shop.item(21));
        shop.items.get(2).put("changed", "2026-05-02T00:00:00Z");
        assertThat(ids(account.sync())).containsExactly("21", "19");
        assertThat(shop.http.requests()).hasSize(before + 3);
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void asksForAPageOnlyIfItHasChanged() throws InterruptedException {
        shop.stock(1, 2);
        shop.http.get(
                "/items",
                request ->
                        request.header("If-None-Match").filter("\"v1\""::equals).isPresent()
                                ? ScriptedAnswer.status(304)
                                : Shop.page(shop.items).header("ETag", "\"v1\""));
        ConnectedAccount account = shop.account("""
            request: {path: /items}
            conditional: true
            """);

        assertThat(account.sync().outputs()).hasSize(2);
        InMemoryRun second = account.sync();
        assertThat(second.succeeded()).isTrue();
        assertThat(second.outputs()).isEmpty();
        assertThat(account.syncState().object("items").text("etag")).contains("\"v1\"");
    }

    @Test
    void keepsAStateForEachRecordThatAStreamIsReadFor() throws InterruptedException {
        shop.http.get("/shelves", request -> ScriptedAnswer.json(List.of(Map.of("id", "a"), Map.of("id", "b"))));
        shop.http.get("/shelves/{id}/items", request -> {
            int half = request.variable("id").equals("a") ? 0 : 1;
            return Shop.page(shop.since(request).stream()
                    .filter(item -> Shop.id(item) % 2 == half)
                    .toList());
        });
        ConnectedAccount account = shop.accountOf(Shop.file("""
            request: {path: "/shelves/${parent.shelf}/items", query: {since: "${since}"}}
            incremental: {type: since, value: changed}
            """) + """
              shelves:
                request: {path: /shelves}
                children: [{stream: items, with: {shelf: id}}]
            """);
        shop.stock(1, 4);

        assertThat(ids(account.sync())).containsExactlyInAnyOrder("1", "2", "3", "4");
        assertThat(account.sync().outputs()).isEmpty();
        shop.stock(5, 5);
        assertThat(ids(account.sync())).containsExactly("5");
        assertThat(account.syncState().object("items").values()).hasSize(2);
    }
}
