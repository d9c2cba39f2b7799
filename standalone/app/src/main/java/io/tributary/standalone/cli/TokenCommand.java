package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Tokens;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints a token and nothing else, so that it can be used within another command. Needs no running instance. */
@Command(name = "token", description = "Print a token for the API of the data folder.")
final class TokenCommand extends DataCommand {

    @Option(
            names = "--user",
            paramLabel = "U",
            defaultValue = "demo",
            description = "The user that the token speaks for.")
    private String user = "demo";

    @Option(
            names = "--org",
            paramLabel = "O",
            description = "The organisation of the user. Default: none, the user is one of their own.")
    private @Nullable String org;

    @ArgGroup
    private Role role = new Role();

    /** At most one. */
    static final class Role {

        @Option(names = "--org-admin", description = "The token may see and do everything in its organisation.")
        private boolean orgAdmin;

        @Option(names = "--operator", description = "The token may see and do everything.")
        private boolean operator;

        private @Nullable String scope() {
            return operator ? "operator" : orgAdmin ? "org-admin" : null;
        }
    }

    TokenCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(DataDir dataDir) {
        terminal.line(new Tokens(dataDir, Clock.systemUTC()).mint(user, org, role.scope()));
        return 0;
    }
}
