package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.integrations.api.Effect;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A shipped file with one action, an account of it, and its provider, which is held against the description. */
final class Channel implements AutoCloseable {

    static final Effect EFFECT = new Effect("notification:7", false);

    final ScriptedHttpServer http = ScriptedHttpServer.start();
    final ConnectedAccount account;
    private final String action;
    private final Map<String, String> credentials;

    Channel(String domain, String action, Map<String, String> credentials) {
        Path examples = Path.of(System.getProperty("tributary.home"), "integrations/declarative/examples");
        try {
            // A lookup waits until the provider shows what it did; a double shows it at once.
            String yaml =
                    Files.readString(examples.resolve(domain + ".yaml")).replaceAll("after: [0-9]+s", "after: 0s");
            this.account = ConnectedAccount.of(DeclarativeIntegration.parse(domain + ".yaml", yaml))
                    .config("baseUrl", http.uri().toString())
                    .credentials(credentials);
        } catch (InvalidFileException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.action = action;
        this.credentials = credentials;
    }

    /** Holds requests and answers against the published description. */
    Channel described(String domain) {
        http.heldAgainst(DescribedRequests.of(domain));
        return this;
    }

    Channel config(String key, Object value) {
        account.config(key, value);
        return this;
    }

    static JsonObject json(String text) {
        return new JsonObject(
                JsonMapper.shared().readValue(text, new TypeReference<Map<String, @Nullable Object>>() {}));
    }

    Output send(String input) throws TaskFailure, InterruptedException {
        return account.act(action, json(input), EFFECT);
    }

    Optional<Output> lookUp(String input) throws TaskFailure, InterruptedException {
        return account.lookUp(action, json(input), new Effect(EFFECT.key(), true));
    }

    /** The failure of an execution; it shows no credential. */
    TaskFailure fails(String input) {
        TaskFailure failure = catchThrowableOfType(TaskFailure.class, () -> send(input));
        assertThat(failure).as("it is sent").isNotNull();
        credentials
                .values()
                .forEach(secret -> assertThat(failure.toString() + failure.reason() + failure.getCause())
                        .doesNotContain(secret)
                        .doesNotContain(secret.substring(secret.length() / 2)));
        return failure;
    }

    ReceivedRequest sent() {
        assertThat(http.requests()).isNotEmpty();
        return http.requests().getLast();
    }

    @Override
    public void close() {
        http.close();
    }
}
