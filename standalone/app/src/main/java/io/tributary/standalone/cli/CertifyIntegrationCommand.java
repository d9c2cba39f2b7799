package io.tributary.standalone.cli;

import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.declarative.DeclarativeIntegration;
import io.tributary.integrations.declarative.InvalidFileException;
import io.tributary.integrations.workbench.certify.ApiDescription;
import io.tributary.integrations.workbench.certify.Certification;
import io.tributary.integrations.workbench.certify.CertificationReport;
import io.tributary.integrations.workbench.certify.DescribedProvider;
import io.tributary.integrations.workbench.certify.Outcome;
import io.tributary.standalone.DataDir;
import io.tributary.standalone.UsageError;
import io.tributary.standalone.UserError;
import io.tributary.standalone.integration.ChosenPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs the contract of all integrations against a YAML file and a provider that another file describes. Nothing is
 * asked of the real provider. Exit codes in addition to those of all commands: 1 when a check failed.
 */
@Command(
        name = "certify",
        description = "Check a YAML file against the contract of all integrations, without its provider.")
final class CertifyIntegrationCommand extends DataCommand {

    private static final Pattern YAML = Pattern.compile("\\.ya?ml$");

    @Parameters(paramLabel = "<file>", description = "A YAML file that describes an integration.")
    private Path file = Path.of("");

    @Option(
            names = "--provider",
            paramLabel = "FILE",
            description = "A YAML file that describes its provider. Default: shop.provider.yaml next to shop.yaml.")
    private @Nullable Path provider;

    CertifyIntegrationCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    int run(DataDir dataDir) throws InterruptedException {
        requireYaml();
        try {
            return certify(DeclarativeIntegration.read(file), description(descriptionFile())) ? 0 : 1;
        } catch (InvalidFileException e) {
            terminal.line(terminal.bad(file + " could not be loaded (polling.integrationLoadFailed)"));
            e.problems().forEach(problem -> terminal.line("  " + Text.printable(problem.toString())));
            return 1;
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private void requireYaml() {
        if (!YAML.matcher(file.toString()).find()) {
            throw new UsageError("certify takes a YAML file, and not " + file
                    + "; one in Java is certified by a test of it, as docs/writing-an-integration.md says");
        }
        ChosenPlugin.requireIntegration(file);
    }

    /** The named file, or else {@code shop.provider.yaml} in the folder of {@code shop.yaml}. */
    private Path descriptionFile() {
        Path description = provider != null
                ? provider
                : file.resolveSibling(
                        YAML.matcher(String.valueOf(file.getFileName())).replaceFirst(".provider$0"));
        if (!Files.isRegularFile(description)) {
            throw new UsageError("there is no file " + description
                    + "; it is to describe the provider, and --provider FILE names another one");
        }
        return description;
    }

    private static ApiDescription description(Path file) {
        try {
            return ApiDescription.read(file);
        } catch (IllegalArgumentException e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Returns whether no check failed. */
    private boolean certify(DeclarativeIntegration integration, ApiDescription description)
            throws InterruptedException {
        Manifest manifest = integration.manifest();
        terminal.line(terminal.strong("Certification of " + manifest.domain() + " " + manifest.version()));
        terminal.line();
        // It keeps nothing, so one does for all doubles. Their pages are small, lest three of them are hundreds of
        // items.
        var small = integration.withPagesOf(description.pageSize());
        CertificationReport report = Certification.of(() -> new DescribedProvider(description, () -> small))
                .run(this::show);
        terminal.line();
        terminal.line(report.isCertified() ? terminal.good(report.sum()) : terminal.bad(report.sum()));
        return report.isCertified();
    }

    private void show(CertificationReport.Result result) {
        String line = Text.printable(result.text());
        terminal.line(
                switch (result.outcome()) {
                    case Outcome.Passed _ -> line;
                    case Outcome.Failed _ -> terminal.bad(line);
                    case Outcome.NotApplicable _ -> terminal.faint(line);
                });
    }
}
