package io.tributary.integrations.declarative;

import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.SettableClock;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A provider of items for tests, and files that describe it. */
final class Shop implements AutoCloseable {

    static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");

    /** How a file begins; its streams follow. */
    static final String HEAD = """
        domain: shop
        version: 1.0.0
        displayName: Shop
        baseUrl: http://127.0.0.1:1
        streams:
        """;

    final ScriptedHttpServer http = ScriptedHttpServer.start();
    final SettableClock clock = SettableClock.at(NOON.plusSeconds(100_000));
    /** In the order of the list. */
    final List<Map<String, Object>> items = new ArrayList<>();

    static Map<String, Object> item(int id) {
        var item = new LinkedHashMap<String, Object>();
        item.put("id", id);
        item.put("name", "item " + id);
        item.put("changed", NOON.plusSeconds(id).toString());
        return item;
    }

    Shop stock(int from, int to) {
        for (int id = from; id <= to; id++) {
            items.add(item(id));
        }
        return this;
    }

    void remove(int id) {
        items.removeIf(item -> id(item) == id);
    }

    static int id(Map<String, Object> item) {
        return item.get("id") instanceof Integer id ? id : -1;
    }

    /** Part of the list. */
    List<Map<String, Object>> part(int from, int count) {
        return List.copyOf(items.subList(Math.min(from, items.size()), Math.min(from + count, items.size())));
    }

    /** The part of the list that a request asks for by {@code since}, a time in any form. */
    List<Map<String, Object>> since(ReceivedRequest request) {
        Instant since = request.query("since")
                .map(text -> Values.time(text).orElseThrow())
                .orElse(Instant.EPOCH);
        return items.stream()
                .filter(item -> !Instant.parse((String) item.get("changed")).isBefore(since))
                .toList();
    }

    static ScriptedAnswer page(List<Map<String, Object>> items) {
        return ScriptedAnswer.json("items", items);
    }

    /** A file with one stream, {@code items}, that has these further keys. */
    static String file(String stream) {
        return HEAD + """
              items:
                records: items
                output:
                  id: id
                  name: name
                  timestamp: changed
            """ + stream.indent(4);
    }

    static DeclarativeIntegration parse(String yaml) {
        try {
            return DeclarativeIntegration.parse("shop.yaml", yaml);
        } catch (InvalidFileException e) {
            throw new AssertionError(e);
        }
    }

    /** An account that one stream with these keys syncs. */
    ConnectedAccount account(String stream) {
        return accountOf(file(stream));
    }

    ConnectedAccount accountOf(String yaml) {
        return ConnectedAccount.of(parse(yaml))
                .config("baseUrl", http.uri().toString())
                .clock(clock);
    }

    List<String> asked() {
        return http.requests().stream().map(String::valueOf).toList();
    }

    @Override
    public void close() {
        http.close();
    }
}
