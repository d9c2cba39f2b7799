package io.tributary.integrations.testkit;

import io.tributary.integrations.api.Http;
import io.tributary.integrations.http.HttpConnections;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of the contexts of a test JVM: one pool for each choice of what names resolve to, so that no
 * connection to a name serves a context in which the name is of another server. They live as long as the JVM, and close
 * when they are idle.
 */
final class TestHttp {

    private static final Map<Map<String, InetAddress>, HttpConnections> POOLS = new ConcurrentHashMap<>();

    private TestHttp() {}

    static Http of(TestContext context) {
        return POOLS.computeIfAbsent(context.hosts(), hosts -> new HttpConnections(context::resolve))
                .forIntegration(context.domain(), context.clock(), context::quota);
    }
}
