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
        String command = Script.name() + " integration ";
        terminal.line("It passes the contract of all integrations as it stands, with a provider that is made up:");
        terminal.line("  " + command + "certify " + file);
        terminal.line();
        terminal.line("Write yours in its place, and try it with the real one:");
        terminal.line("  " + command + "check " + file);
        terminal.line("  " + command + "run " + file + " --all --credentials-stdin");
        terminal.line();
        terminal.line(
                "Put " + name + ".yaml into the folder plugins of the data folder, and it is there at the next start.");
    }

    private void sayWhatToDoWithJava() {
        terminal.line("It belongs into integrations/, with this line in integrations/pom.xml:");
        terminal.line();
        terminal.line("    <module>" + name + "</module>");
        terminal.line();
        terminal.line("Build it, and try it:");
        terminal.line("  ./mvnw -pl integrations/" + name + " -am verify");
        terminal.line("  " + Script.name() + " integration check " + name);
        terminal.line("  " + Script.name() + " integration run " + name + " --all --credentials-stdin");
    }
}
