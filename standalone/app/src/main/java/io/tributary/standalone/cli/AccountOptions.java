package io.tributary.standalone.cli;

import io.tributary.integrations.api.JsonObject;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.integration.LocalAccount;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The account an integration is tried with. Secrets are never arguments: every user of the machine can read those. */
final class AccountOptions {

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "config of the account")
    private Map<String, String> config = new HashMap<>();

    @Option(names = "--credentials-stdin", description = "read the credentials from standard input")
    private boolean credentialsFromStdin;

    @Option(names = "--username", paramLabel = "NAME", description = "the user to log in as")
    private @Nullable String username;

    @Option(names = "--password-stdin", description = "read the password from standard input")
    private boolean passwordFromStdin;

    private final Inputs inputs;

    AccountOptions(Inputs inputs) {
        this.inputs = inputs;
    }

    boolean hasConfig() {
        return !config.isEmpty();
    }

    LocalAccount account() {
        return new LocalAccount(configuration(), credentials());
    }

    private JsonObject configuration() {
        var values = new LinkedHashMap<String, @Nullable Object>();
        config.forEach((key, value) -> values.put(key, JsonValue.of(value)));
        return new JsonObject(values);
    }

    private Map<String, String> credentials() {
        if (credentialsFromStdin && passwordFromStdin) {
            throw new UsageError("standard input is either --credentials-stdin or --password-stdin");
        }
        var credentials = new HashMap<>(given());
        if (username != null) {
            credentials.put("username", username);
        }
        if (passwordFromStdin) {
            credentials.put("password", ReadCredentials.password(inputs.standardInput()));
        } else if (username != null) {
            String password = inputs.environment().apply("TRIBUTARY_PASSWORD");
            if (password != null) {
                credentials.put("password", password);
            }
        }
        return credentials;
    }

    private Map<String, String> given() {
        String inEnvironment = inputs.environment().apply("TRIBUTARY_CREDENTIALS");
        if (credentialsFromStdin) {
            return ReadCredentials.from(inputs.standardInput());
        }
        return inEnvironment == null ? Map.of() : ReadCredentials.of(inEnvironment, "TRIBUTARY_CREDENTIALS");
    }
}
