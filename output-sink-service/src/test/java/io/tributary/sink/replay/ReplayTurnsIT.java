package io.tributary.sink.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.sink.SinkDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose turn it is, of several replays. */
class ReplayTurnsIT {

    private final SinkDatabase database = SinkDatabase.create();
    private final ReplayTable sink = new ReplayTable(database.postgres(), UUID.randomUUID());
    private final ReplayTable other = new ReplayTable(database.postgres(), UUID.randomUUID());
    private final UUID mail = UUID.randomUUID();
    private final UUID chat = UUID.randomUUID();

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void twoSinksServeReplaysOfTwoAccountsAtATime() {
        UUID first = requested(mail, false);
        UUID second = requested(chat, false);

        assertThat(id(sink.claim())).isEqualTo(first);
        assertThat(id(other.claim())).isEqualTo(second);
    }

    @Test
    void ofTwoReplaysOfTheSameAccountTheSecondWaits() {
        UUID first = requested(mail, false);
        UUID second = requested(mail, false);
        requested(null, true);

        Replay begun = sink.claim().orElseThrow();
        assertThat(begun.id())
                .as("an operator's replay of everything comes first")
                .isNotIn(first, second);
        assertThat(other.claim()).isEmpty();

        sink.succeed(begun);
        assertThat(id(sink.claim())).isEqualTo(first);
        assertThat(other.claim()).isEmpty();
    }

    @Test
    void aUserWithManyReplaysDoesNotHoldUpAnother() {
        List<UUID> many = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            many.add(requested(UUID.randomUUID(), false));
        }
        UUID late = requested(chat, false);

        List<UUID> served = new ArrayList<>();
        for (int turn = 0; turn < 12; turn++) {
            Replay replay = sink.claim().orElseThrow();
            served.add(replay.id());
            sink.release(replay);
        }

        assertThat(served.subList(0, 6)).containsExactlyInAnyOrderElementsOf(with(many, late));
        assertThat(served.subList(6, 12)).containsExactlyElementsOf(served.subList(0, 6));
    }

    @Test
    void anOperatorsComesFirstAndHasLongerTurns() {
        requested(mail, false);
        UUID operators = requested(chat, true);

        Replay first = sink.claim().orElseThrow();

        assertThat(first.id()).isEqualTo(operators);
        sink.release(first);
        assertThat(first.turn()).isGreaterThan(sink.claim().orElseThrow().turn());
    }

    @Test
    void oneThatFailsAgainAndAgainIsCounted() {
        requested(mail, false);

        for (int failure = 1; failure <= 3; failure++) {
            assertThat(sink.countFailure(sink.claim().orElseThrow())).isEqualTo(failure);
        }
        sink.release(sink.claim().orElseThrow());
        assertThat(sink.countFailure(sink.claim().orElseThrow()))
                .as("after a turn without a failure")
                .isEqualTo(1);
    }

    private UUID requested(@Nullable UUID account, boolean operator) {
        return Objects.requireNonNull(database.owner()
                .queryForObject(
                        "insert into replay (kind, requested_by, user_integration_id, by_operator)"
                                + " values ('outputs', 'alice', ?, ?) returning id",
                        UUID.class,
                        account,
                        operator));
    }

    private static UUID id(Optional<Replay> replay) {
        return replay.orElseThrow().id();
    }

    private static List<UUID> with(List<UUID> ids, UUID more) {
        var all = new ArrayList<>(ids);
        all.add(more);
        return all;
    }
}
