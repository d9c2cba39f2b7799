package io.tributary.scheduler.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Broker;
import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.testing.ManifestJson;
import io.tributary.scheduler.testing.RunningScheduler;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The address of a caller behind a proxy. */
class ForwardedAddressIT {

    @TempDir
    private Path folder;

    @Test
    void notesTheAddressThatATrustedProxyForwardsWhereThatIsConfigured() {
        assertThat(noted(Map.of("server.forward-headers-strategy", "native"))).isEqualTo("203.0.113.7");
    }

    @Test
    void believesNoForwardedAddressByDefault() {
        assertThat(noted(Map.of())).isEqualTo("127.0.0.1");
    }

    private String noted(Map<String, String> settings) {
        var broker = Broker.create();
        broker.announce(ManifestJson.HELLO);
        try (var scheduler = RunningScheduler.start(folder, Database.empty(), broker, settings)) {
            var ann = scheduler.user("ann");
            ann.send(ann.request("/sync/purge")
                            .header("X-Forwarded-For", "203.0.113.7")
                            .header("X-Forwarded-Proto", "https")
                            .POST(HttpRequest.BodyPublishers.noBody()))
                    .expect(202);
            return scheduler
                    .database()
                    .jdbc()
                    .sql("select remote_address from audit_log")
                    .query(String.class)
                    .single();
        }
    }
}
