package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Figures of each day, asked for by ranges of at most seven days, of which both ends are included. */
class WindowsIT {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
    private static final LocalDate TODAY = LocalDate.parse("2026-05-01");

    private final Shop shop = new Shop();
    private final Map<LocalDate, Integer> clicks = new LinkedHashMap<>();
    private boolean broken;

    @AfterEach
    void close() {
        shop.close();
    }

    @BeforeEach
    void open() {
        shop.clock.set(NOW);
        for (int day = 20; day >= 0; day--) {
            clicks.put(TODAY.minusDays(day), 10);
        }
        shop.http.get("/figures", this::figures);
    }

    private ScriptedAnswer figures(ReceivedRequest request) {
        LocalDate from = LocalDate.parse(request.query("from").orElseThrow());
        LocalDate to = LocalDate.parse(request.query("to").orElseThrow());
        if (to.isAfter(from.plusDays(6)) || broken && !to.isBefore(TODAY)) {
            return ScriptedAnswer.status(400);
        }
        var rows = new ArrayList<Map<String, Object>>();
        clicks.forEach((day, count) -> {
            if (!day.isBefore(from) && !day.isAfter(to)) {
                rows.add(Map.of("id", day.toString(), "name", "clicks " + count, "changed", day + "T00:00:00Z"));
            }
        });
        return Shop.page(rows);
    }

    private ConnectedAccount account() {
        return shop.account("""
            request: {path: /figures, query: {from: "${since}", to: "${until}"}}
            incremental: {type: windows, format: date, step: 7d, granularity: 1d, lookback: 3d, firstWindow: 20d}
            """);
    }

    @Test
    void asksForRangesWithoutGapsAndEachDayOnce() throws Exception {
        var run = account().sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(21).extracting(Output::externalId).doesNotHaveDuplicates();
        assertThat(shop.asked())
                .containsExactlyInAnyOrder(
                        "GET /figures?from=2026-04-11&to=2026-04-17",
                        "GET /figures?from=2026-04-18&to=2026-04-24",
                        "GET /figures?from=2026-04-25&to=2026-05-01");
    }

    @Test
    void readsRestatedFiguresOfTheLookback() throws Exception {
        ConnectedAccount account = account();
        account.sync();
        clicks.put(TODAY.minusDays(2), 99);
        shop.clock.advance(Duration.ofHours(24));
        clicks.put(TODAY.plusDays(1), 5);

        assertThat(account.sync().outputs())
                .extracting(Output::name)
                .containsExactlyInAnyOrder("clicks 10", "clicks 99", "clicks 10", "clicks 10", "clicks 5");
        assertThat(account.syncState().toJson()).contains("2026-05-02T12:00:00Z");
    }

    @Test
    void keepsTheStateWhenAWindowCannotBeRead() throws Exception {
        ConnectedAccount account = account();
        broken = true;

        assertThat(account.sync().succeeded()).isFalse();
        assertThat(account.syncState().isEmpty()).isTrue();

        broken = false;
        assertThat(account.sync().outputs()).hasSize(21);
    }

    @Test
    void readsTheRangeThatARunIsAskedFor() throws Exception {
        ConnectedAccount account = account();

        var run = account.sync(
                new Options(Instant.parse("2026-04-15T00:00:00Z"), Instant.parse("2026-04-16T23:00:00Z"), false, null));

        assertThat(run.outputs()).extracting(Output::externalId).containsExactly("2026-04-15", "2026-04-16");
        assertThat(account.syncState().isEmpty()).isTrue();
    }

    @Test
    void beginsWhereTheConfigSays() throws Exception {
        var account = shop.account("""
            request: {path: /figures, query: {from: "${since}", to: "${until}"}}
            incremental: {type: windows, format: date, step: 7d, granularity: 1d, firstWindow: 20d, start: $config.from}
            """);

        assertThat(account.config("from", "2026-04-29").sync().outputs()).hasSize(3);
    }

    @Test
    void triesTheFirstWindowToSeeWhetherTheAccountWorks() throws Exception {
        account().identify();

        assertThat(shop.asked()).containsExactly("GET /figures?from=2026-04-11&to=2026-04-17");
    }

    @Test
    void readsTheWindowsOfEachItemOfAList() throws Exception {
        shop.http.get("/{ad}/figures", this::figures);
        var account = shop.accountOf(Shop.HEAD + """
              items:
                forEach: {items: "['a', 'b']", with: {ad: $}}
                request: {path: "/${parent.ad}/figures", query: {from: "${since}", to: "${until}"}}
                records: items
                incremental: {type: windows, format: date, step: 7d, granularity: 1d, firstWindow: 9d}
                output: {id: "$parent.ad & ':' & id", name: name}
            """);

        assertThat(account.sync().outputs()).hasSize(20);
        assertThat(List.copyOf(account.syncState().object("items").values().keySet()))
                .hasSize(2);
    }
}
