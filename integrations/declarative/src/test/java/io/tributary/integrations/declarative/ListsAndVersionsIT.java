package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams for each item of a list, lists that end early or whose old records change, versions, and own credentials. */
class ListsAndVersionsIT {

    private final Shop shop = new Shop();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void readsAStreamForEachItemOfAListWithAStateOfItsOwn() throws Exception {
        shop.stock(1, 3);
        shop.http.get(
                "/branches/{branch}",
                request -> Shop.page(shop.items.stream()
                        .filter(item -> Shop.id(item)
                                > request.query("after").map(Integer::parseInt).orElse(0))
                        .toList()));
        var account = shop.accountOf(Shop.HEAD + """
              items:
                forEach: {items: $config.branches, with: {branch: $}}
                request: {path: "/branches/${parent.branch}", query: {after: "${after}"}}
                records: items
                incremental: {type: afterId, value: id}
                output: {id: "$parent.branch & ':' & $string(id)", name: name}
            """).config("branches", List.of("north", "south"));

        assertThat(account.sync().outputs())
                .extracting(Output::externalId)
                .containsExactly("north:1", "north:2", "north:3", "south:1", "south:2", "south:3");
        assertThat(account.sync().outputs()).isEmpty();
        assertThat(account.config("branches", "east").sync().outputs())
                .extracting(Output::externalId)
                .containsExactly("east:1", "east:2", "east:3");
    }

    @Test
    void endsAListAtTheFirstPageWithSuchARecord() throws Exception {
        shop.stock(1, 9);
        pages();

        var run = shop.account("""
            request: {path: /items}
            pagination: {type: page, parameter: page, size: 3, recheck: false, stopWhen: id = 5}
            """).sync();

        assertThat(run.outputs()).hasSize(6);
        assertThat(shop.asked()).hasSize(2);
    }

    @Test
    void goesOnWhereAListMovesByAWholePageWhileItIsRead() throws Exception {
        shop.stock(1, 9);
        pages();
        var account = shop.account("""
            request: {path: /items}
            pagination: {type: page, parameter: page, size: 3}
            incremental: {type: stopAtKnown}
            """);
        account.afterEachTask(task -> {
            if (task == 2) {
                List.of(12, 11, 10).forEach(id -> shop.items.addFirst(Shop.item(id)));
            }
        });

        assertThat(account.sync().outputs())
                .extracting(Output::externalId)
                .contains("1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(account.sync().succeeded()).isTrue();
    }

    @Test
    void leavesOutKnownRecordsAndReadsOn() throws Exception {
        shop.stock(1, 6);
        pages();
        var account = shop.account("""
            request: {path: /items}
            pagination: {type: page, parameter: page, size: 3, recheck: false}
            incremental: {type: leaveOutKnown, version: changed}
            """);
        account.sync();
        shop.items.get(5).put("changed", Shop.NOON.plusSeconds(77).toString());

        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("6");
        assertThat(account.sync().outputs()).isEmpty();
    }

    @Test
    void sendsTheVersionOfTheFileOrOfTheAccountAndSharedValues() throws Exception {
        shop.http.get("/v7/items", request -> Shop.page(List.of()));
        shop.http.get("/v8/items", request -> Shop.page(List.of()));
        var account = shop.accountOf(("""
                apiVersion: {value: v7, sunset: "2026-12-31"}
                values: {fields: "id,name"}
                """
                + Shop.file("request: {path: \"/${apiVersion}/items\", query: {fields:" + " \"${values.fields}\"}}")));

        account.sync();
        account.config("apiVersion", "v8").sync();

        assertThat(shop.asked()).containsExactly("GET /v7/items?fields=id%2Cname", "GET /v8/items?fields=id%2Cname");
    }

    @Test
    void warnsFrom60DaysBeforeTheSunsetOn() {
        Definition file = Shop.parse(
                        "apiVersion: {value: v7, sunset: \"2026-12-31\"}\n" + Shop.file("request: {path: /items}"))
                .definition();

        assertThat(WarnOfSunset.warning(file, Optional.empty(), LocalDate.of(2026, 10, 31)))
                .isEmpty();
        assertThat(WarnOfSunset.warning(file, Optional.empty(), LocalDate.of(2026, 11, 1)))
                .contains("declarative.apiSunset domain=shop apiVersion=v7 sunset=2026-12-31");
        assertThat(WarnOfSunset.warning(file, Optional.of("v8"), LocalDate.of(2026, 11, 1)))
                .isEmpty();
    }

    @Test
    void sendsTheCredentialThatTheFileNamesAfterTheSchemeOfTheProvider() throws Exception {
        shop.http.get("/items", request -> Shop.page(List.of()));
        String file = "auth: [{type: bearer, credential: botToken, scheme: Bot}, {type: apiKey, header: X-Key}]\n"
                + Shop.file("request: {path: /items}");

        shop.accountOf(file).credentials(Map.of("botToken", "b0t")).sync();
        shop.accountOf(file).credentials(Map.of("apiKey", "k3y")).sync();

        List<ReceivedRequest> requests = shop.http.requests();
        assertThat(requests.get(0).header("Authorization")).contains("Bot b0t");
        assertThat(requests.get(1).header("X-Key")).contains("k3y");
        assertThat(Shop.parse(file).manifest().configSchema())
                .contains("\"x-credentials\":[[\"botToken\"],[\"apiKey\"]]");
    }

    @Test
    void publishesWhatTheProviderCallsTheIdOfAClient() throws Exception {
        var tiktok = DeclarativeIntegration.read(java.nio.file.Path.of(
                System.getProperty("tributary.home"), "integrations/declarative/examples/tiktok.yaml"));

        assertThat(tiktok.manifest().configSchema()).contains("\"clientIdParameter\":{\"const\":\"client_key\"");
    }

    @Test
    void readsJsonInTextsAndMakesIdsOfRecordsThatHaveNone() throws Exception {
        shop.stock(1, 2);
        shop.http.get("/items", request -> Shop.page(shop.items));

        var run = shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /items}
                records: items
                output: {id: $hash($), name: "$json('{\\"a\\": [1, 2]}').a[1] = 2 ? name"}
            """).sync();

        assertThat(run.outputs()).extracting(Output::name).containsExactly("item 1", "item 2");
        assertThat(run.outputs())
                .extracting(Output::externalId)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("[0-9a-f]{64}"));
    }

    private void pages() {
        shop.http.get(
                "/items",
                request -> Shop.page(
                        shop.part((request.query("page").map(Integer::parseInt).orElse(1) - 1) * 3, 3)));
    }

    @Test
    void transformsAndFiltersRecordsButCountsThemForPages() throws Exception {
        shop.stock(1, 7);
        pages();

        var run = shop.account("""
            request: {path: /items}
            pagination: {type: page, parameter: page, size: 3, recheck: false}
            transform: "$merge([$, {'name': $uppercase(name), 'half': id / 2}])"
            filter: half = $floor(half)
            """).sync();

        assertThat(run.outputs()).extracting(Output::name).containsExactly("ITEM 2", "ITEM 4", "ITEM 6");
        assertThat(shop.asked()).hasSize(3);
    }

    @Test
    void readsChildrenOfKnownRecordsWhereTheFileSaysSo() throws Exception {
        shop.stock(1, 2);
        shop.http.get("/items", request -> Shop.page(shop.items));
        shop.http.get("/items/{id}/notes", request -> Shop.page(List.of(Shop.item(70))));
        var account = shop.accountOf(Shop.HEAD + """
              items:
                request: {path: /items}
                records: items
                incremental: {type: stopAtKnown}
                filter: id > 1
                children: [{stream: notes, always: true, with: {id: id}}]
              notes:
                request: {path: "/items/${parent.id}/notes"}
                records: items
                output: {id: "$string($parent.id) & ':' & $string(id)", name: name}
            """);

        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("2:70");
        assertThat(account.sync().outputs()).extracting(Output::externalId).containsExactly("2:70");
    }
}
