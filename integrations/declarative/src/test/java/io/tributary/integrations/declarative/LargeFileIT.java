package io.tributary.integrations.declarative;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tributary.integrations.api.FollowUp;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.LocalContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/**
 * A report that is larger than the memory, with {@code -Dfile.megabytes=2048} and {@code -Xmx256m}: each row arrives
 * once. In the build it has a few megabytes.
 */
class LargeFileIT {

    private static final long BYTES = Long.getLong("file.megabytes", 24) << 20;
    private static final String FILL = "x".repeat(180);

    @Test
    void readsEachRowOfALargeReportOnce() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/report", LargeFileIT::report);
        server.start();
        try {
            var integration = DeclarativeIntegration.parse("shop.yaml", "http: {timeout: 10m}\n" + Shop.HEAD + """
                  items:
                    request: {path: /report}
                    format: {type: csv, maxMegabytes: 8192}
                    output: {id: id, content: text}
                """);
            var context = LocalContext.empty()
                    .withDomain("shop")
                    .withConfig(
                            "baseUrl", "http://127.0.0.1:" + server.getAddress().getPort());
            var seen = new BitSet();
            var tasks = new ArrayDeque<FollowUp>();
            tasks.add(new FollowUp("items", JsonObject.EMPTY));
            int count = 0;
            for (FollowUp next = tasks.poll(); next != null; next = tasks.poll()) {
                TaskResult result = integration.run(
                        new Task(next.type(), next.payload(), 1), context.withIdempotencyKey("task" + count++));
                result.outputs().forEach(output -> {
                    int id = Integer.parseInt(output.externalId());
                    assertThat(seen.get(id)).isFalse();
                    seen.set(id);
                });
                tasks.addAll(result.tasks());
            }
            assertThat(seen.cardinality()).isEqualTo((int) (BYTES / 200));
        } finally {
            server.stop(0);
        }
    }

    private static void report(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/csv");
        exchange.sendResponseHeaders(200, 0);
        try (var to = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
            to.write("id,text\n".getBytes(UTF_8));
            for (int id = 0; id < BYTES / 200; id++) {
                to.write((id + "," + FILL + "\n").getBytes(UTF_8));
            }
        }
    }
}
