package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code integration certify} says of files that are wrong; {@link NewIntegrationIT} has one that is right. */
class CertifyIntegrationIT {

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private Path provider = Path.of("");

    @BeforeEach
    void makeFiles() {
        var made = CommandRun.plain("integration", "new", "my-shop", "--yaml", "--in", folder.toString());
        assertThat(made.exitCode()).as(made.errors()).isZero();
        file = folder.resolve("my-shop/my-shop.yaml");
        provider = folder.resolve("my-shop/my-shop.provider.yaml");
    }

    @Test
    void failsWhereAnIntegrationLosesItems() throws Exception {
        replace(file, "next: meta.next", "next: meta.nxt");

        var run = certify();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors()).isEmpty();
        assertThat(run.output())
                .containsPattern("FAILED .* a full sync brings every item once \\(the run brought \\[item:item-1, ")
                .containsPattern("passed .* connect tells the account")
                .containsPattern("failed, \\d+ not applicable, in .* s: not certified\n$");
    }

    @Test
    void saysWhereTheFileIsWrong() throws Exception {
        replace(file, "output:", "ouput:");

        var run = certify();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).contains("polling.integrationLoadFailed").containsPattern("  \\d+:5: .*ouput");
    }

    @Test
    void saysWhereTheDescriptionIsWrong() throws Exception {
        replace(provider, "pageSize", "pagesize");

        var run = certify();

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.errors())
                .startsWith("tributary: " + provider + ": ")
                .contains("collections[0]: there is no key 'pagesize'")
                .hasLineCount(1);
    }

    @Test
    void takesAnotherDescriptionThanTheOneBesideIt() throws Exception {
        Path elsewhere = Files.move(provider, folder.resolve("shop-double.yaml"));
        replace(elsewhere, "connect: {path: /me", "connect: {path: /whoami");

        assertThat(certify().exitCode()).isEqualTo(2);
        assertThat(certify().errors()).contains(provider.toString(), "--provider FILE");
        assertThat(certify("--provider", elsewhere.toString()).output())
                .containsPattern("FAILED .* connect tells the account");
    }

    @Test
    void explainsMisuseInOneLine() {
        for (String wrong : List.of("hello-world", "./shop", "nowhere.yaml", provider.toString())) {
            var run = CommandRun.of(folder.resolve("data"), "integration", "certify", wrong);
            assertThat(run.exitCode()).as(wrong).isEqualTo(2);
            assertThat(run.errors()).as(wrong).startsWith("tributary: ").hasLineCount(1);
        }
    }

    private CommandRun certify(String... options) {
        var all = new ArrayList<>(List.of("integration", "certify", file.toString()));
        all.addAll(List.of(options));
        return CommandRun.of(folder.resolve("data"), all.toArray(String[]::new));
    }

    private static void replace(Path file, String what, String by) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(what);
        Files.writeString(file, text.replace(what, by));
    }
}
