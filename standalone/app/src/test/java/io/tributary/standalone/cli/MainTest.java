package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @Test
    void showsAllCommandsWithTheEnvironmentAndExamples() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "up ", "demo ", "sync ", "replay ", "rotate-keys ", "integration ", "token ", "test ", "bench ")
                .contains("images ")
                .contains("completion ", "help ", "JAVA_HOME", "TRIBUTARY_JAVA_OPTS", "NO_COLOR", "Exit codes:")
                .contains("TRIBUTARY_DATA_DIR", "TRIBUTARY_KAFKA_PORT", "--registry-port", "TRIBUTARY_CREDENTIALS")
                .contains("./tributary demo --exit")
                .doesNotContain("\u001b");
    }

    @Test
    void showsTheOptionsOfACommandWithVariableAndDefault() {
        assertThat(printedBy("up", "--help"))
                .contains("--data-dir", "TRIBUTARY_DATA_DIR", "--kafka-port", "Default: 19092");
    }

    @Test
    void showsTheOptionsOfANestedCommand() {
        assertThat(printedBy("integration", "run", "--help"))
                .contains("--max-tasks", "Default: 100", "--credentials-stdin", "Exit codes:");
    }

    @Test
    void showsTheSameByTheCommandHelp() {
        assertThat(printedBy("help", "sync"))
                .contains("--host", "--folder", "--password-stdin", "Example: ./tributary sync imap");
    }

    @Test
    void describesEveryOptionOfEveryCommand() {
        assertThat(commands(commandLine())
                        .flatMap(command -> command.getCommandSpec().options().stream())
                        .filter(option -> option.description().length == 0 || option.description()[0].isBlank()))
                .isEmpty();
    }

    @Test
    void printsACompletionScript() {
        assertThat(run("completion")).isZero();
        assertThat(out.toString()).contains("complete -F", "rotate-keys", "--kafka-port");
    }

    @Test
    void explainsMisuseInOneLineThatNamesTheHelp() {
        assertThat(run("synk")).isEqualTo(2);
        assertThat(errors.toString())
                .startsWith("tributary: ")
                .contains("did you mean", "sync", "see ./tributary --help")
                .hasLineCount(1);
    }

    @Test
    void namesTheHelpOfTheCommandThatWasMisused() {
        assertThat(run("integration", "run", "--nothing")).isEqualTo(2);
        assertThat(errors.toString())
                .contains("see ./tributary integration run --help")
                .hasLineCount(1);
    }

    private String printedBy(String... arguments) {
        assertThat(run(arguments)).isZero();
        return out.toString();
    }

    private int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    private CommandLine commandLine() {
        var terminal = Terminal.plain(new PrintStream(new ByteArrayOutputStream()));
        return Main.commandLine(terminal, new Inputs(InputStream.nullInputStream(), _ -> null))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(errors, true));
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                List.copyOf(command.getSubcommands().values()).stream().flatMap(MainTest::commands));
    }
}
