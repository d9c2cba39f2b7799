package io.tributary.scheduler.watchdog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Database;
import io.tributary.scheduler.watchdog.Accounts.Past;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flags of accounts by their history: what is abnormal is flagged, and irregular histories that are normal are not. */
class JudgeRunsIT {

    private static final Duration QUARTER = Duration.ofMinutes(15);

    @AutoClose
    private static final Database database = Database.migrated();

    private final Accounts accounts = new Accounts(database);

    @BeforeEach
    void empty() {
        database.deleteAll("user_integration", "event_outbox");
    }

    // Outputs

    @Test
    void flagsASuccessWithoutOutputsWhereThereAlwaysWereSome() {
        Random random = new Random(1);
        UUID account = account(runs(Duration.ofDays(10), QUARTER, at -> 1 + random.nextInt(20)), 0);

        judge();

        assertThat(accounts.flags(account)).containsExactly("watchdog.fewOutputs");
        assertThat(accounts.events(account, "integration.flagged")).containsExactly("watchdog.fewOutputs");
    }

    @Test
    void flagsASuccessWithFarFewerOutputsThanEver() {
        Random random = new Random(2);
        UUID account = account(runs(Duration.ofDays(10), QUARTER, at -> 400 + random.nextInt(200)), 7);

        judge();

        assertThat(accounts.flags(account)).containsExactly("watchdog.fewOutputs");
    }

    @Test
    void clearsTheFlagOnceTheAccountBringsSomethingAgain() {
        UUID account = account(runs(Duration.ofDays(10), QUARTER, at -> 5), 0);
        judge();

        accounts.history(account, List.of(new Past(Accounts.NOW, "succeeded", 4)));
        judge();

        assertThat(accounts.flags(account)).isEmpty();
        assertThat(accounts.events(account, "integration.flagCleared")).containsExactly("watchdog.fewOutputs");
    }

    @Test
    void flagsAnAccountThatStaysEmptyOnWorkingDaysToo() {
        Instant stop = Accounts.NOW.minus(Duration.ofDays(6));
        UUID account = account(
                runs(Duration.ofDays(28), QUARTER, at -> isWeekend(at) || at.isAfter(stop) ? 0 : 1 + at.getNano()), 0);

        judge();

        assertThat(accounts.flags(account)).containsExactly("watchdog.fewOutputs");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void flagsNoBurstyAccount(long seed) {
        Random random = new Random(seed);
        UUID account = account(
                runs(Duration.ofDays(20), QUARTER, at -> random.nextInt(12) == 0 ? 1 + random.nextInt(500) : 0), 0);

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoAccountThatIsEmptyAtNightAndOnWeekends() {
        // 2026-04-01 is a Wednesday: every quarter of an hour of the Sunday before is judged.
        var week = runs(Duration.ofDays(20), QUARTER, at -> isWeekend(at) || isNight(at) ? 0 : 3);
        UUID account = accounts.account();
        Instant sunday = Accounts.NOW.minus(Duration.ofDays(3));
        accounts.history(
                account,
                week.stream().filter(run -> run.endedAt().isBefore(sunday)).toList());

        judge(sunday);

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoAccountInItsFirstNightAndItsFirstWeekend() {
        UUID evening = account(runs(Duration.ofHours(9), QUARTER, at -> 5), 0);
        UUID weekend = account(runs(Duration.ofDays(5), QUARTER, at -> 5), 0);

        judge();

        assertThat(accounts.flags(evening)).isEmpty();
        assertThat(accounts.flags(weekend)).isEmpty();
    }

    @Test
    void flagsNoFirstRuns() {
        UUID one = account(List.of(), 0);
        UUID many = account(List.of(past(45, 5_000), past(30, 2)), 0);

        judge();

        assertThat(accounts.flags(one)).isEmpty();
        assertThat(accounts.flags(many)).isEmpty();
    }

    @Test
    void flagsNoAccountAfterItsWindowWasWidenedOnce() {
        var usual = new ArrayList<>(runs(Duration.ofDays(10), QUARTER, at -> 5));
        usual.add(past(30, 50_000));
        UUID account = account(usual, 5);

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoAccountThatIsPolledMoreOftenNow() {
        var daily = new ArrayList<>(runs(Duration.ofDays(28), Duration.ofDays(1), at -> 90));
        daily.add(past(30, 80));
        daily.add(past(20, 1));
        UUID account = account(daily, 0);

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoAccountWhoseConfigWasChanged() {
        UUID account = account(runs(Duration.ofDays(10), QUARTER, at -> 50), 0);
        accounts.update("update user_integration set access_changed_at = '2026-04-01T11:30Z' where id = :id", account);

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void judgesNoOutputsOfARunThatFailed() {
        UUID account = accounts.account();
        accounts.history(account, runs(Duration.ofDays(10), QUARTER, at -> 50));
        accounts.history(account, List.of(new Past(Accounts.NOW.minusSeconds(60), "failed", 0)));

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    // The cursor

    @Test
    void flagsACursorThatStandsAlthoughItemsCome() {
        UUID account = account(List.of(past(46, 3), past(31, 4), past(16, 5)), 6);
        cursorChanged(account, "2026-04-01T10:00Z");

        judge();

        assertThat(accounts.flags(account)).containsExactly("watchdog.cursorStands");

        cursorChanged(account, "2026-04-01T11:59:30Z");
        accounts.history(account, List.of(new Past(Accounts.NOW, "succeeded", 6)));
        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoCursorThatMoves() {
        UUID account = account(List.of(past(46, 3), past(31, 4), past(16, 5)), 6);
        cursorChanged(account, "2026-04-01T11:50Z");

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoCursorWhereNothingCame() {
        UUID account = account(List.of(past(46, 3), past(31, 0), past(16, 5)), 6);
        cursorChanged(account, "2026-04-01T10:00Z");

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void flagsNoIntegrationWithoutACursor() {
        UUID account = account(List.of(past(46, 3), past(31, 4), past(16, 5)), 6);
        accounts.update("update sync_schedule set sync_state = '{}' where user_integration_id = :id", account);
        cursorChanged(account, "2026-01-01");

        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    @Test
    void knowsWhenACursorMoved() {
        UUID account = accounts.account();
        cursorChanged(account, "2026-01-01");
        var before = accounts.schedule(account).get("state_changed_at");

        accounts.update(
                "update sync_schedule set sync_state = '{\"seen\": 7}' where user_integration_id = :id", account);
        assertThat(accounts.schedule(account)).as("the same again").containsEntry("state_changed_at", before);
        accounts.update(
                "update sync_schedule set sync_state = '{\"seen\": 8}' where user_integration_id = :id", account);

        assertThat(accounts.schedule(account).get("state_changed_at")).isNotEqualTo(before);
    }

    // The plugin

    @Test
    void flagsAnAccountWhoseWorkerDoesNotHaveThePlugin() {
        UUID account = accounts.account();
        accounts.history(account, List.of(new Past(Accounts.NOW.minusSeconds(60), "failed", 0)));
        accounts.update(
                "update sync_run set error_code = 'polling.integrationNotFound' where user_integration_id = :id",
                account);

        judge();

        assertThat(accounts.flags(account)).containsExactly("watchdog.workerWithoutPlugin");

        accounts.history(account, List.of(new Past(Accounts.NOW, "succeeded", 1)));
        judge();

        assertThat(accounts.flags(account)).isEmpty();
    }

    // Words of the tests

    /** An account with a history, and a success a minute ago. */
    private UUID account(List<Past> history, long last) {
        UUID account = accounts.account();
        var runs = new ArrayList<>(history);
        runs.add(past(1, last));
        accounts.history(account, runs);
        return account;
    }

    private static Past past(int minutesAgo, long outputs) {
        return new Past(Accounts.NOW.minus(Duration.ofMinutes(minutesAgo)), "succeeded", outputs);
    }

    /** Successes at regular times until a quarter of an hour ago. */
    private static List<Past> runs(Duration length, Duration interval, ToLongFunction<Instant> outputs) {
        var runs = new ArrayList<Past>();
        Instant end = Accounts.NOW.minus(Duration.ofMinutes(15));
        for (Instant at = end.minus(length); !at.isAfter(end); at = at.plus(interval)) {
            runs.add(new Past(at, "succeeded", outputs.applyAsLong(at)));
        }
        return runs;
    }

    private void cursorChanged(UUID account, String at) {
        accounts.update(
                "update sync_schedule set state_changed_at = '" + at + "' where user_integration_id = :id", account);
    }

    private static boolean isWeekend(Instant at) {
        DayOfWeek day = utc(at).getDayOfWeek();
        return day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    }

    private static boolean isNight(Instant at) {
        int hour = utc(at).getHour();
        return hour < 7 || hour > 20;
    }

    private static ZonedDateTime utc(Instant at) {
        return at.atZone(ZoneOffset.UTC);
    }

    private void judge() {
        judge(Accounts.NOW);
    }

    private void judge(Instant now) {
        accounts.judgeRuns(Accounts.clock(now)).run();
    }
}
