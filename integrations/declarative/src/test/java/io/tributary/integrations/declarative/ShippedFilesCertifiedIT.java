package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.testkit.CertifiedTests;
import io.tributary.integrations.workbench.certify.ApiDescription;
import io.tributary.integrations.workbench.certify.DescribedProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The files that are shipped, with the providers that are described beside them: {@code shop.provider.yaml} for the
 * default sync type of {@code shop.yaml}, {@code shop.metrics.provider.yaml} for another one.
 */
class ShippedFilesCertifiedIT {

    private static final Path EXAMPLES =
            Path.of(System.getProperty("tributary.home"), "integrations/declarative/examples");
    private static final String PROVIDER = ".provider.yaml";

    /** Each provider has servers of its own, and its checks mostly wait. */
    @Execution(ExecutionMode.CONCURRENT)
    @TestFactory
    Stream<DynamicNode> keepToTheContract() throws IOException {
        String only = System.getProperty("certified", "");
        return providers().stream().filter(name -> name.startsWith(only)).map(ShippedFilesCertifiedIT::certified);
    }

    private static DynamicNode certified(String provider) {
        try {
            var described = ApiDescription.read(EXAMPLES.resolve(provider));
            String domain = provider.substring(0, provider.indexOf('.'));
            var integration = DeclarativeIntegration.read(EXAMPLES.resolve(domain + ".yaml"))
                    .withPagesOf(described.pageSize());
            return DynamicContainer.dynamicContainer(
                    provider, CertifiedTests.of(() -> new DescribedProvider(described, () -> integration)));
        } catch (IOException | InvalidFileException | IllegalArgumentException e) {
            return DynamicTest.dynamicTest(provider, () -> {
                throw new AssertionError(provider, e);
            });
        }
    }

    /** Those with actions alone are tested by {@link ChannelsIT}. */
    @Test
    void eachWithStreamsHasAProvider() throws Exception {
        List<String> providers = providers();
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            var withStreams = new ArrayList<String>();
            for (Path file :
                    files.filter(each -> !each.toString().endsWith(PROVIDER)).toList()) {
                if (!DeclarativeIntegration.read(file).manifest().syncTypes().isEmpty()) {
                    withStreams.add(String.valueOf(file.getFileName()));
                }
            }
            assertThat(withStreams)
                    .hasSizeGreaterThanOrEqualTo(13)
                    .allSatisfy(name -> assertThat(providers).contains(name.replace(".yaml", PROVIDER)));
        }
    }

    private static List<String> providers() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(PROVIDER))
                    .sorted()
                    .toList();
        }
    }
}
