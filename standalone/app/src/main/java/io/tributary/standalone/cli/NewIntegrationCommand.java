package io.tributary.standalone.cli;

import io.tributary.standalone.integration.NewProject;
import io.tributary.standalone.integration.NewProject.Kind;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Begins an integration. */
@Command(name = "new", description = "Begin a new integration, in Java or as a YAML file.")
final class NewIntegrationCommand implements Callable<Integer> {

    @Parameters(paramLabel = "<name>", description = "Lower-case letters, digits and hyphens, such as my-shop.")
    private String name = "";

    @Option(names = "--in", paramLabel = "DIR", description = "Where its folder is made. Default: the current folder.")
    private Path parent = Path.of("");

    @Option(names = "--yaml", description = "A YAML file instead of Java.")
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
        String command = Main.script() + " integration ";
        terminal.line("It passes the contract of all integrations, with a made-up provider:");
        terminal.line("  " + command + "certify " + file);
        terminal.line();
        terminal.line("Replace both by yours, and try it with the real provider:");
        terminal.line("  " + command + "check " + file);
        terminal.line("  " + command + "run " + file + " --all --credentials-stdin");
        terminal.line();
        terminal.line("Put " + name + ".yaml into the folder plugins of the data folder. The next start loads it.");
    }

    private void sayWhatToDoWithJava() {
        terminal.line("Keep its folder in integrations/, and add this line to integrations/pom.xml:");
        terminal.line();
        terminal.line("    <module>" + name + "</module>");
        terminal.line();
        terminal.line("Build it, and try it:");
        terminal.line("  ./mvnw -pl integrations/" + name + " -am verify");
        terminal.line("  " + Main.script() + " integration check " + name);
        terminal.line("  " + Main.script() + " integration run " + name + " --all --credentials-stdin");
    }
}
