package io.tributary.scheduler.userintegrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.content.RequestPurge;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RetentionApiIT extends ApiTest {

    @Test
    void keepsContentForGoodUnlessToldOtherwise() {
        String id = create("{\"integrationDomain\": \"hello\"}").text("id");
        String path = "/v1/user-integrations/" + id;

        assertThat(ann.get(path).json().get("retentionDays").isNull()).isTrue();
        assertThat(ann.patch(path, "{\"retentionDays\": 365}")
                        .expect(200)
                        .json()
                        .get("retentionDays")
                        .asInt())
                .isEqualTo(365);
        assertThat(ann.patch(path, "{\"name\": \"other\"}")
                        .expect(200)
                        .json()
                        .get("retentionDays")
                        .asInt())
                .isEqualTo(365);
        assertThat(ann.patch(path, "{\"retentionDays\": 0}")
                        .expect(200)
                        .json()
                        .get("retentionDays")
                        .isNull())
                .isTrue();
    }

    @Test
    void takesOneWithANewAccountAndRefusesWhatIsNoNumberOfDays() {
        assertThat(create("{\"integrationDomain\": \"hello\", \"retentionDays\": 30}")
                        .json()
                        .get("retentionDays")
                        .asInt())
                .isEqualTo(30);
        for (int days : new int[] {0, -1, 36_501}) {
            ann.post("/v1/user-integrations", "{\"integrationDomain\": \"hello\", \"retentionDays\": " + days + "}")
                    .expectError("/retentionDays");
        }
    }

    @Test
    void asksTheSinksToPurgeAtOnce() {
        UUID id = UUID.fromString(create("{\"integrationDomain\": \"hello\"}").text("id"));
        var jdbc = scheduler.database().jdbc();
        jdbc.sql("update sink_maintenance set due_at = now() + interval '1 hour'")
                .update();

        assertThat(scheduler.bean(RequestPurge.class).of(id)).isTrue();
        assertThat(scheduler.bean(RequestPurge.class).of(UUID.randomUUID())).isFalse();

        assertThat(jdbc.sql("select count(*) from user_integration where id = :id and purge_before is not null")
                        .param("id", id)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(jdbc.sql("select count(*) from sink_maintenance where name = 'retention' and due_at <= now()")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    private Api.Answer create(String body) {
        return ann.post("/v1/user-integrations", body).expect(201);
    }
}
