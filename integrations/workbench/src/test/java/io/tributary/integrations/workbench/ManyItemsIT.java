package io.tributary.integrations.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many items through the HTTP client that integrations have: what they cost must not grow with their number. */
class ManyItemsIT {

    private static final int ITEMS = 10_000;
    private static final int PER_PAGE = 100;
    private static final int PAGES = ITEMS / PER_PAGE;
    /** Of one item; all of them are 80 MB as they are sent, and twice that as text. */
    private static final int CHARS = 8_000;

    /** Three pages of those that may still be on their way, and what the server notes of each request. */
    private static final long MOST_GROWTH_BYTES = 16L << 20;

    private final ScriptedHttpServer shop = ScriptedHttpServer.start();
    private final Http http = LocalContext.empty().http();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void costOneConnectionAndOneRequestAPageAndNoMemory() throws Exception {
        shop.get(
                "/items",
                request -> page(request.query("page").map(Integer::parseInt).orElse(0)));
        var heap = new ArrayList<Long>();
        Optional<String> next = Optional.of("0");
        int items = 0;
        while (next.isPresent()) {
            JsonObject page = ask(next.get());
            items += page.list("items").size();
            next = page.text("next");
            if (shop.requests().size() % (PAGES / 4) == 0) {
                heap.add(usedBytes());
            }
        }

        assertThat(items).isEqualTo(ITEMS);
        assertThat(shop.requests()).hasSize(PAGES);
        assertThat(shop.connections()).isEqualTo(1);
        assertThat(heap.getLast() - heap.getFirst()).isLessThan(MOST_GROWTH_BYTES);
    }

    private JsonObject ask(String page) throws TaskFailure, InterruptedException {
        return http.send(HttpRequest.get(shop.uri("/items")).query("page", page))
                .json();
    }

    private static ScriptedAnswer page(int number) {
        String text = String.valueOf((char) ('a' + number % 26)).repeat(CHARS);
        List<Map<String, Object>> items = IntStream.range(0, PER_PAGE)
                .mapToObj(i -> Map.<String, Object>of("id", number * PER_PAGE + i, "text", text))
                .toList();
        return ScriptedAnswer.json(
                JsonObject.of("items", items).with("next", number + 1 < PAGES ? String.valueOf(number + 1) : null));
    }

    /** What is reachable: it is asked for in full. */
    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
