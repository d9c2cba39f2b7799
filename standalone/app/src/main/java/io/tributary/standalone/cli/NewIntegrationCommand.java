package io.tributary.standalone.cli;

import io.tributary.standalone.integration.NewProject;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Begins an integration. */
@Command(name = "new", description = "make the project of a new integration")
final class NewIntegrationCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<name>", description = "lower-case letters, digits and hyphens, such as my-shop")
    private String name = "";

    @Option(names = "--in", paramLabel = "DIR", description = "where its folder is made")
    private Path parent = Path.of("");

    private final Terminal terminal;

    NewIntegrationCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var project = new NewProject(name);
        project.writeTo(parent.toAbsolutePath().normalize()).forEach(file -> terminal.line("  " + file));
        terminal.line();
        terminal.line("Made " + parent.resolve(name) + ". It belongs into integrations/, with this line in integrations/pom.xml:");
        terminal.line();
        terminal.line("    <module>" + name + "</module>");
        terminal.line();
        terminal.line("Then:");
        terminal.line("  ./mvnw -pl integrations/" + name + " -am verify       builds and tests it");
        terminal.line("  ./tributary integration check integrations/" + name);
        terminal.line("  ./tributary integration run " + name + " --config baseUrl=URL --credentials-stdin");
        return 0;
    }
}
