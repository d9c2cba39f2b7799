package io.tributary.standalone.cli;

import io.tributary.standalone.UsageError;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What authors of integrations need; each step is a command of its own. */
@Command(name = "integration", description = "for authors of integrations")
final class IntegrationCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", hidden = true)
    private List<String> unknown = List.of();

    private IntegrationCommand() {}

    static CommandLine with(Terminal terminal, Inputs inputs) {
        return new CommandLine(new IntegrationCommand())
                .addSubcommand(new ListIntegrationsCommand(terminal))
                .addSubcommand(new NewIntegrationCommand(terminal))
                .addSubcommand(new CheckIntegrationCommand(terminal, inputs))
                .addSubcommand(new CertifyIntegrationCommand(terminal))
                .addSubcommand(new RunTasksCommand(terminal, inputs))
                .addSubcommand(new RecordTasksCommand(terminal, inputs))
                .addSubcommand(new ReplayTasksCommand(terminal, inputs));
    }

    @Override
    public Integer call() {
        throw new UsageError((unknown.isEmpty()
                        ? "integration what?"
                        : "there is no command integration " + unknown.getFirst() + "; there are")
                + " list, new, check, certify, run, record and replay");
    }
}
