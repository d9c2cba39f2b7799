package io.tributary.standalone.cli;

import io.tributary.standalone.Tokens;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints a token and nothing else, so that it can be used within another command. Needs no running instance. */
@Command(name = "token", description = "print a token for the API of the data folder")
final class TokenCommand implements Callable<Integer> {

    @Mixin
    private final Data data = new Data();

    @Option(names = "--user", paramLabel = "U", defaultValue = "demo", description = "the user it speaks for")
    private String user = "demo";

    @Option(names = "--operator", description = "lets it see and do everything")
    private boolean operator;

    private final Terminal terminal;

    TokenCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.line(new Tokens(data.open(), Clock.systemUTC()).mint(user, operator));
        return 0;
    }
}
