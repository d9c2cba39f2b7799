package io.tributary.scheduler.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.webhooks.Slots.Receiver;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private final Slots slots = new Slots(new WebhookProperties(20, 6, 2, 15, Duration.ofDays(5)));

    @Test
    void aUserWithManyWebhooksLeavesSlotsToOthers() {
        var many = IntStream.range(0, 20)
                .mapToObj(n -> receiver("many", "host-" + n, false))
                .toList();
        var one = receiver("one", "host", false);

        assertThat(slots.take(many).values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(6);
        assertThat(slots.take(many)).isEmpty();
        assertThat(slots.take(List.of(one))).containsEntry(one, 2);
        assertThat(slots.free()).isEqualTo(12);
    }

    @Test
    void usersTakeTurns() {
        var greedy = new Slots(new WebhookProperties(4, 100, 100, 100, Duration.ofDays(5)));
        var first = receiver("first", "a", false);
        var second = receiver("second", "b", false);

        assertThat(greedy.take(List.of(first, receiver("first", "c", false), second)))
                .containsEntry(second, 2);
    }

    @Test
    void oneHostHoldsSomeOfTheSlotsWhoeverItsUsersAre() {
        var users = IntStream.range(0, 20)
                .mapToObj(n -> receiver("user-" + n, "tarpit", false))
                .toList();

        assertThat(slots.take(users).values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(15);
    }

    @Test
    void aFailingReceiverGetsOneSlotUntilItIsReleased() {
        var failing = receiver("ann", "host", true);

        assertThat(slots.take(List.of(failing))).containsEntry(failing, 1);
        assertThat(slots.take(List.of(failing))).isEmpty();
        slots.release(failing, 1);
        assertThat(slots.take(List.of(failing))).containsEntry(failing, 1);
    }

    private static Receiver receiver(String user, String host, boolean failing) {
        return new Receiver(UUID.randomUUID(), user, host, failing);
    }
}
