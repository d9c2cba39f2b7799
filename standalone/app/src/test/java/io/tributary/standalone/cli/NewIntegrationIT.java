package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.standalone.plugin.PluginJar;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code integration new} makes is a whole integration. */
class NewIntegrationIT {

    @TempDir
    private Path folder;

    @Test
    void makesAProjectThatCompilesIsLoadedAndRuns() throws Exception {
        var made = make("my-shop");
        assertThat(made.errors()).isEmpty();
        assertThat(made.exitCode()).isZero();
        assertThat(made.output()).contains("<module>my-shop</module>");
        assertThat(folder.resolve("my-shop/pom.xml"))
                .content()
                .contains("<artifactId>my-shop</artifactId>", "<artifactId>integrations</artifactId>")
                .doesNotContain("${project.version}", "__");

        Path plugin = compile(folder.resolve("my-shop"));

        try (var provider = ScriptedHttpServer.start()
                .get("/me", _ -> ScriptedAnswer.json(JsonObject.of("id", "7").with("name", "Ada")))
                .get(
                        "/items",
                        request -> ScriptedAnswer.json(
                                "items",
                                request.query("after").isPresent()
                                        ? List.of()
                                        : List.of(JsonObject.of("id", "1").with("title", "First"))))) {
            assertThat(integration("check", plugin, provider).output()).contains("Ada, id 7");
            var run = integration("run", plugin, provider);
            assertThat(run.output()).containsPattern("content +1 +- +First").contains("state patch {\"newest\":\"1\"}");
            assertThat(run.exitCode()).isZero();
        }
    }

    @Test
    void makesAYamlFileThatIsLoadedAndCertified() throws Exception {
        var made = CommandRun.plain("integration", "new", "my-shop", "--yaml", "--in", folder.toString());
        assertThat(made.exitCode()).as(made.errors()).isZero();
        Path manifest = folder.resolve("my-shop/my-shop.yaml");

        var check = CommandRun.of(folder.resolve("data"), "integration", "check", manifest.toString());
        assertThat(check.output()).contains("my-shop.yaml", "oauth2");
        assertThat(check.exitCode()).isZero();

        var certified = CommandRun.of(folder.resolve("data"), "integration", "certify", manifest.toString());
        assertThat(certified.exitCode()).as(certified.output()).isZero();
        assertThat(certified.output())
                .startsWith("Certification of my-shop 0.1.0\n")
                .containsPattern("passed .* a full sync brings every item once \\(7 items")
                .containsPattern("n/a .* wait as long as they mean \\(the double knows no other way")
                .containsPattern(" passed, 0 failed, \\d+ not applicable, in .* s: certified\n$");
    }

    @Test
    void overwritesNothing() throws Exception {
        Files.createDirectory(folder.resolve("taken"));

        var made = make("taken");

        assertThat(made.exitCode()).isEqualTo(2);
        assertThat(made.errors()).contains("nothing is overwritten").hasLineCount(1);
        assertThat(folder.resolve("taken")).isEmptyDirectory();
    }

    @Test
    void refusesNamesThatCannotBe() {
        for (String name : List.of("Shop", "my_shop", "-shop", "my--shop", "../shop", "1shop", "new", "x".repeat(64))) {
            var made = make(name);
            assertThat(made.exitCode()).as(name).isEqualTo(2);
            assertThat(made.errors()).as(name).hasLineCount(1);
        }
        assertThat(folder).isEmptyDirectory();
    }

    private CommandRun make(String name) {
        return CommandRun.plain("integration", "new", "--in", folder.toString(), "--", name);
    }

    private CommandRun integration(String command, Path plugin, ScriptedHttpServer provider) {
        var key = new ByteArrayInputStream("apiKey=k-123456".getBytes(StandardCharsets.UTF_8));
        return CommandRun.of(
                new Inputs(key, _ -> null),
                folder.resolve("data"),
                "integration",
                command,
                plugin.toString(),
                "--config",
                "baseUrl=" + provider.uri(),
                "--credentials-stdin");
    }

    /** With its tests, without a warning; the main classes become a plugin folder. */
    private Path compile(Path project) throws IOException {
        var compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        Path classes = Files.createDirectories(folder.resolve("classes"));
        try (var files = compiler.getStandardFileManager(diagnostics, null, null);
                var sources = Files.walk(project.resolve("src"))) {
            var all = files.getJavaFileObjectsFromPaths(sources.filter(file -> file.toString()
                                    .endsWith(".java")
                            && !file.toString().contains("/test/java/io/tributary/integrations/myshop/package-info"))
                    .toList());
            var options = List.of("-Xlint:all,-processing", "-proc:none", "-d", classes.toString());
            assertThat(compiler.getTask(null, files, diagnostics, options, null, all)
                            .call())
                    .as("%s", diagnostics.getDiagnostics())
                    .isTrue();
        }
        assertThat(diagnostics.getDiagnostics())
                .filteredOn(diagnostic -> diagnostic.getSource() != null) // Others are of the class path.
                .isEmpty();
        Path services =
                project.resolve("src/main/resources/META-INF/services/io.tributary.integrations.api.Integration");
        return PluginJar.of(Files.readString(services).strip(), classes, folder.resolve("plugin"));
    }
}
