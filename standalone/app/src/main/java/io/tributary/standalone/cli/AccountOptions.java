package io.tributary.standalone.cli;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.LocalAccount;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import io.tributary.worker.codec.Json;
import java.io.Console;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;

/** Config and credentials of an account. Secrets are never arguments: every user of the machine can read those. */
final class AccountOptions {

    @Option(
            names = "--config",
            paramLabel = "KEY=VALUE",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Config of the account; may be given several times.")
    private Map<String, String> config = new LinkedHashMap<>();

    @Option(
            names = "--credentials-stdin",
            description =
                    "Read the credentials from standard input: a JSON object or KEY=VALUE lines. Otherwise they come"
                            + " from the environment, TRIBUTARY_CREDENTIALS, a JSON object.")
    private boolean credentialsFromStdin;

    @Option(names = "--username", paramLabel = "NAME", description = "The user to log in as.")
    private @Nullable String username;

    @Option(
            names = "--password-stdin",
            description =
                    "Read the password from the first line of standard input. Otherwise it comes from the environment,"
                            + " TRIBUTARY_PASSWORD, or sync asks for it.")
    private boolean passwordFromStdin;

    private final Inputs inputs;
    private final boolean asksForPassword;

    /** @param asksForPassword whether a user name without a password asks the person at the terminal for one */
    AccountOptions(Inputs inputs, boolean asksForPassword) {
        this.inputs = inputs;
        this.asksForPassword = asksForPassword;
    }

    boolean hasConfig() {
        return !config.isEmpty();
    }

    @Nullable
    String username() {
        return username;
    }

    LocalAccount account() {
        return new LocalAccount(new JsonObject(configuration()), credentials());
    }

    /** A number, boolean, list or object where the value is one in JSON; otherwise the text. */
    Map<String, @Nullable Object> configuration() {
        var values = new LinkedHashMap<String, @Nullable Object>();
        config.forEach((key, value) -> values.put(key, value(value)));
        return values;
    }

    private static Object value(String text) {
        try {
            return Json.MAPPER.readValue(text, Object.class);
        } catch (JacksonException e) {
            return text; // plain text needs no quotes
        }
    }

    Map<String, String> credentials() {
        if (credentialsFromStdin && passwordFromStdin) {
            throw new UsageError("standard input is either --credentials-stdin or --password-stdin");
        }
        var credentials = new HashMap<>(given());
        if (username != null) {
            credentials.put("username", username);
        }
        String password = password();
        if (password != null) {
            credentials.put("password", password);
        }
        return credentials;
    }

    private Map<String, String> given() {
        if (credentialsFromStdin) {
            return ReadCredentials.from(inputs.standardInput());
        }
        String inEnvironment = inputs.environment().apply("TRIBUTARY_CREDENTIALS");
        return inEnvironment == null ? Map.of() : ReadCredentials.of(inEnvironment, "TRIBUTARY_CREDENTIALS");
    }

    private @Nullable String password() {
        if (passwordFromStdin) {
            return ReadCredentials.password(inputs.standardInput());
        }
        String inEnvironment = username == null ? null : inputs.environment().apply("TRIBUTARY_PASSWORD");
        return inEnvironment == null && username != null && asksForPassword ? ask(username) : inEnvironment;
    }

    /** The typed text, unseen. */
    @SuppressWarnings("SystemConsoleNull") // it is null again from JDK 25 on, where there is no terminal
    private static String ask(String username) {
        Console console = System.console();
        char[] typed =
                console == null || !console.isTerminal() ? null : console.readPassword("Password of %s: ", username);
        if (typed == null) {
            throw new UserError("no password: set TRIBUTARY_PASSWORD, or give --password-stdin and pipe it in");
        }
        return new String(typed);
    }
}
