package io.tributary.scheduler.userintegrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedScheduler.class)
class UserIntegrationApiIT {

    private static final String PATH = "/v1/user-integrations";

    private static final String MAIL = """
        {"integrationDomain": "mail", "name": "Work", "config": {"host": "mail.test", "port": 993},
         "credentials": {"username": "ann", "password": "wonder"}, "pollIntervalMinutes": 5}
        """;

    private final RunningScheduler scheduler;

    UserIntegrationApiIT(RunningScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Test
    void connectsAnAccountThatIsDueAtOnce() {
        var created = scheduler.user("connie").post(PATH, MAIL).expect(201);

        assertThat(created.response().headers().firstValue("Location")).hasValue(PATH + "/" + created.text("id"));
        var json = scheduler
                .user("connie")
                .get(PATH + "/" + created.text("id"))
                .expect(200)
                .json();
        assertThat(json).isEqualTo(created.json());
        assertThat(json.get("userId").asString()).isEqualTo("connie");
        assertThat(json.get("integrationDomain").asString()).isEqualTo("mail");
        assertThat(json.get("name").asString()).isEqualTo("Work");
        assertThat(json.get("config").toString()).isEqualTo("{\"host\":\"mail.test\",\"port\":993}");
        assertThat(json.get("hasCredentials").asBoolean()).isTrue();
        assertThat(json.get("pollIntervalMinutes").asInt()).isEqualTo(5);
        assertThat(json.get("syncStatus").asString()).isEqualTo("active");
        assertThat(json.get("nextSyncAt")).isEqualTo(json.get("createdAt"));
        assertThat(json.has("credentials")).isFalse();
        assertThat(json.has("error")).isFalse();
    }
}
