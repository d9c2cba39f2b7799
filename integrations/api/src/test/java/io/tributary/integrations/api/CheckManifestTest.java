package io.tributary.integrations.api;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.Action.Repeat;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A manifest with an action that the engine cannot execute once for each key is refused. */
class CheckManifestTest {

    private final Manifest.Builder manifest =
            Manifest.builder("shop", "1.0", "Shop").lists("list").action(new Action("charge", "{}", Repeat.KEY));

    @Test
    void takesActionsAndSyncTypesTogether() {
        assertThatCode(manifest.syncType("default", "list", Duration.ofHours(1))
                        .action(new Action("refund", "{}", Repeat.ASK))::build)
                .doesNotThrowAnyException();
    }

    @Test
    void refusesTwoActionsOfAName() {
        assertThatThrownBy(manifest.action(new Action("charge", "{}", Repeat.ASK))::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("action charge of shop is there twice");
    }

    @Test
    void refusesAnActionAsTheInitialTaskOfASyncType() {
        assertThatThrownBy(manifest.syncType("default", "charge", Duration.ofHours(1))::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("initial task charge of shop is an action");
    }

    @Test
    void refusesAnActionAsTheInitialTaskOfAWebhook() {
        manifest.syncType("default", "list", Duration.ofHours(1));
        var signature = Webhook.Signature.token("X-Token");
        var start = new Webhook.Start(null, null, "charge", null);

        assertThatThrownBy(manifest.webhook(new Webhook(signature, List.of(), List.of(), null, null, start))::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("initial task charge of shop is an action");
    }
}
