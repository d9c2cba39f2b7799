package io.tributary.standalone.cli;

import io.tributary.standalone.integration.NewProject;
import io.tributary.standalone.integration.NewProject.Kind;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Begins an integration. */
@Command(name = "new", description = "begin a new integration")
final class NewIntegrationCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<name>", description = "lower-case letters, digits and hyphens, such as my-shop")
    private String name = "";

    @Option(names = "--in", paramLabel = "DIR", description = "where its folder is made")
    private Path parent = Path.of("");

    @Option(names = "--yaml", description = "a YAML file instead of Java")
    private boolean yaml;

    private final Terminal terminal;

    NewIntegrationCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var project = new NewProject(name, yaml ? Kind.YAML : Kind.JAVA);
        project.writeTo(parent.toAbsolutePath().normalize()).forEach(file -> terminal.line("  " + file));
        terminal.line();
        if (yaml) {
            sayWhatToDoWithYaml();
        } else {
            sayWhatToDoWithJava();
        }
        return 0;
    }

    private void sayWhatToDoWithYaml() {
        Path file = parent.resolve(name).resolve(name + ".yaml");
        terminal.line("Try it, and put " + name + ".yaml into .tributary/plugins when it does what it should:");
        terminal.line("  ./tributary integration check " + file);
        terminal.line("  ./tributary integration run " + file + " --config baseUrl=URL --credentials-stdin");
    }

    private void sayWhatToDoWithJava() {
        terminal.line("It belongs into integrations/, with this line in integrations/pom.xml:");
        terminal.line();
        terminal.line("    <module>" + name + "</module>");
        terminal.line();
        terminal.line("Build it, and try it:");
        terminal.line("  ./mvnw -pl integrations/" + name + " -am verify");
        terminal.line("  ./tributary integration check " + name);
        terminal.line("  ./tributary integration run " + name + " --config baseUrl=URL --credentials-stdin");
    }
}
