package io.tributary.scheduler.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedScheduler.class)
class PlatformApiIT {

    @Test
    void listsWhatCanBeConnected(RunningScheduler scheduler) {
        var items =
                scheduler.user("ann").get("/sync/platforms").expect(200).json().get("items");

        // Other tests of the shared scheduler announce integrations too.
        assertThat(items.valueStream().map(item -> item.get("domain").asString()))
                .contains("cloud", "hello", "hub", "mail")
                .isSorted();
        var mail = items.valueStream()
                .filter(item -> item.get("domain").asString().equals("mail"))
                .findFirst()
                .orElseThrow();
        assertThat(mail.get("displayName").asString()).isEqualTo("Mail");
        assertThat(mail.get("version").asString()).isEqualTo("2.1.0");
        assertThat(mail.get("auth").toString()).isEqualTo("[\"basic\"]");
        assertThat(mail.get("configSchema").get("required").toString()).isEqualTo("[\"host\",\"port\"]");
        assertThat(mail.get("syncTypes").get(0).get("name").asString()).isEqualTo("messages");
    }
}
