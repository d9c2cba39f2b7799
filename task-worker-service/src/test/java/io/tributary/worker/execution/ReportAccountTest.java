package io.tributary.worker.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.Credentials;
import io.tributary.integrations.api.JsonObject;
import io.tributary.schemas.ProviderAccount;
import io.tributary.worker.engine.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportAccountTest {

    private static final String SECRET = "ghp_\"canary\"\nsecret";

    private final Credentials credentials = new Credentials(
            Map.of("accessToken", SECRET, "password", "cat", "apiKey", "", "username", "octocat", "clientId", "app"));

    @Test
    void passesOnWhatIsKnown() {
        var outcome = report(new Account("42", "octocat", JsonObject.of("username", "octocat")));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Completed.class, completed -> {
            assertThat(completed.account())
                    .isEqualTo(new ProviderAccount("42", "octocat", "{\"username\":\"octocat\"}"));
            assertThat(completed.outputs()).isEmpty();
            assertThat(completed.followUps()).isEmpty();
        });
    }

    @Test
    void saysNothingWhenNothingIsKnown() {
        assertThat(report(Account.UNKNOWN))
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        completed -> assertThat(completed.account()).isNull());
    }

    @Test
    void refusesACredentialWhereverItIs() {
        assertRefused(new Account(SECRET, null, JsonObject.EMPTY), "polling.taskResultInvalid");
        assertRefused(new Account("42", "I am " + SECRET, JsonObject.EMPTY), "polling.taskResultInvalid");
        assertRefused(
                new Account("42", null, JsonObject.of("nested", Map.of("url", "https://a/?token=" + SECRET))),
                "polling.taskResultInvalid");
        assertRefused(new Account("42", null, JsonObject.of(SECRET, 1)), "polling.taskResultInvalid");
        assertRefused(new Account("42", "cat", JsonObject.EMPTY), "polling.taskResultInvalid");
    }

    @Test
    void saysNothingOfTheCredentialThatItRefuses() {
        var outcome = (Outcome.Failed) report(new Account(SECRET, null, JsonObject.EMPTY));

        assertThat(outcome.message()).doesNotContain("canary");
    }

    @Test
    void takesAShortSecretForItselfOnlyWhereItIsAWholeValue() {
        assertThat(report(new Account("42", "caterpillar", JsonObject.of("empty", ""))))
                .isInstanceOf(Outcome.Completed.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {Account.MAX_TEXT_LENGTH + 1, 100_000})
    void refusesTextBeyondItsBounds(int length) {
        assertRefused(new Account("x".repeat(length), null, JsonObject.EMPTY), "polling.taskResultTooLarge");
        assertRefused(new Account(null, "x".repeat(length), JsonObject.EMPTY), "polling.taskResultTooLarge");
    }

    @Test
    void refusesSettingsBeyondTheirBounds() {
        assertRefused(
                new Account("42", null, JsonObject.of("a", "x".repeat(Account.MAX_SETTINGS_BYTES))),
                "polling.taskResultTooLarge");
        assertRefused(
                new Account("42", null, JsonObject.of("a", "\u00e9".repeat(Account.MAX_SETTINGS_BYTES / 2))),
                "polling.taskResultTooLarge");
        assertThat(report(new Account("x".repeat(Account.MAX_TEXT_LENGTH), null, JsonObject.EMPTY)))
                .isInstanceOf(Outcome.Completed.class);
    }

    @Test
    @SuppressWarnings("NullAway") // what a plugin in another language may do
    void refusesNothingAtAll() {
        assertRefused(null, "polling.taskResultInvalid");
    }

    private Outcome report(Account account) {
        return ReportAccount.of(account, Secrets.of(credentials, Secrets.Placeholders.NONE));
    }

    private void assertRefused(Account account, String code) {
        assertThat(report(account)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo(code);
            assertThat(failed.kind()).isEqualTo(Outcome.Kind.PERMANENT);
        });
    }
}
