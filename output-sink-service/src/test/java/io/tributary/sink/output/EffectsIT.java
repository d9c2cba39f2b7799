package io.tributary.sink.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.schemas.OutputKind;
import io.tributary.schemas.RunStatus;
import io.tributary.schemas.Topics;
import io.tributary.sink.maintenance.EraseAccounts;
import io.tributary.sink.run.RunRecord.Item;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Outputs of the kind effect become rows of effects, one for each key. */
class EffectsIT {

    private final Scene scene = new Scene();
    private UUID account;
    private UUID run;

    @SuppressWarnings("NullAway.Init") // JUnit sets them
    EffectsIT() {}

    @BeforeEach
    void connect() {
        account = scene.userIntegration();
        run = scene.run(account, "manual");
    }

    @Test
    void storesAnEffectOnceAndCountsItLikeAnyOtherOutput() {
        scene.apply(
                effect(run, "order:1", "m-1"),
                effect(run, "order:2", ""),
                scene.output(run, "a message").saying("hello"),
                scene.progress(run, RunStatus.succeeded, 3));

        assertThat(effects()).containsExactly("order:1 send m-1 {\"a\": 1}", "order:2 send null {\"a\": 1}");
        assertThat(scene.content(account, "order:1")).isEmpty();
        assertThat(scene.runRow(run))
                .containsEntry("status", "succeeded")
                .containsEntry("outputs_saved", 3L)
                .containsEntry("rows_inserted", 3L);
    }

    @Test
    void aSecondEffectOfAKeyChangesNothing() {
        scene.apply(effect(run, "order:1", "m-1"), effect(run, "order:1", "m-2"));
        UUID again = scene.run(account, "replay");
        scene.apply(effect(again, "order:1", "m-3"), scene.progress(again, RunStatus.succeeded, 1));
        UUID ofAnother = scene.run(scene.userIntegration(), "manual");
        scene.apply(effect(ofAnother, "order:1", "other"));

        assertThat(effects()).containsExactly("order:1 send m-1 {\"a\": 1}");
        assertThat(scene.runRow(again)).containsEntry("status", "succeeded").containsEntry("rows_unchanged", 1L);
    }

    @Test
    void anEffectThatIsReplayedOrArrivesAfterTheEndOfItsRunIsStored() {
        Item first = effect(run, "order:1", "m-1");
        scene.apply(first, scene.progress(run, RunStatus.cancelled, 1));
        scene.reapply(first);
        scene.apply(effect(run, "order:2", "m-2"));

        assertThat(effects()).containsExactly("order:1 send m-1 {\"a\": 1}", "order:2 send m-2 {\"a\": 1}");
    }

    @Test
    void anEffectThatItsRunDoesNotCountIsAddedToTheSumsOnce() {
        Item inTheBatch = late(effect(run, "order:2", "m-2"));
        Item afterwards = late(effect(run, "order:3", "m-3"));

        scene.apply(effect(run, "order:1", "m-1"), scene.progress(run, RunStatus.cancelled, 1), inTheBatch);
        assertThat(scene.runRow(run)).containsEntry("outputs", 2L).containsEntry("outputs_saved", 2L);
        scene.apply(afterwards);
        scene.apply(afterwards);

        assertThat(scene.runRow(run)).containsEntry("outputs", 3L).containsEntry("outputs_saved", 3L);
    }

    @Test
    void anEffectThatItsRunDoesNotCountAndThatCannotBeStoredIsMissingUntilItIsRedriven() {
        scene.apply(scene.progress(run, RunStatus.cancelled, 0));

        scene.countDeadLetter(late(effect(run, "order:1", "m-1")));

        assertThat(scene.runRow(run))
                .containsEntry("outputs", 1L)
                .containsEntry("outputs_saved", 0L)
                .containsEntry("outputs_dead_lettered", 1L);
    }

    private static Item late(Item item) {
        item.source().headers().add(Topics.LATE, new byte[] {'1'});
        return item;
    }

    @Test
    void nothingOfADeletedAccountIsLeft() {
        scene.apply(effect(run, "order:1", "m-1"));
        scene.owner()
                .update(
                        "insert into requested_effect (user_integration_id, effect_key, action, run_id, requested_at)"
                                + " values (?, 'order:1', 'send', ?, now())",
                        account,
                        run);

        scene.owner().update("delete from user_integration where id = ?", account);
        var erase =
                new EraseAccounts(scene.postgres(), Optional.empty(), Clock.systemUTC(), Duration.ofMinutes(1), 100);
        @Nullable String position = null;
        do {
            position = erase.step(position).next();
        } while (position != null);

        assertThat(effects()).isEmpty();
        assertThat(scene.owner().queryForList("select 1 from requested_effect where user_integration_id = ?", account))
                .isEmpty();
    }

    @Test
    void runsOfActionsTakeNoLiveSlot() {
        for (int i = 0; i < 2; i++) {
            scene.owner()
                    .update(
                            "insert into sync_run (user_integration_id, user_id, integration_domain, sync_type,"
                                    + " trigger)"
                                    + " values (?, 'alice', 'imap', 'system:actions', 'manual')",
                            account);
        }

        assertThat(scene.owner()
                        .queryForList(
                                "select trigger, exclusive from sync_run where user_integration_id = ?"
                                        + " order by sequence",
                                account))
                .containsExactly(
                        Map.of("trigger", "manual", "exclusive", true),
                        Map.of("trigger", "manual", "exclusive", false),
                        Map.of("trigger", "manual", "exclusive", false));
    }

    private Item effect(UUID ofRun, String key, String providerId) {
        return scene.output(ofRun, key)
                .with(output -> output.setKind(OutputKind.effect)
                        .setName(providerId)
                        .setContent("send")
                        .setMetadata("{\"a\": 1}"));
    }

    private List<String> effects() {
        return scene.owner()
                .queryForList(
                        "select concat_ws(' ', effect_key, action, coalesce(provider_id, 'null'), result) from effect"
                                + " where user_integration_id = ? order by effect_key",
                        String.class,
                        account);
    }
}
