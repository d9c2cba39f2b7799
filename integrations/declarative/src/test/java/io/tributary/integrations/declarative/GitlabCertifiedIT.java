package io.tributary.integrations.declarative;

import io.tributary.integrations.testkit.certify.ApiDescription;
import io.tributary.integrations.testkit.certify.CertifiedTests;
import io.tributary.integrations.testkit.certify.DescribedProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The file that is shipped as an example, with the provider that is described beside it. */
class GitlabCertifiedIT {

    @TestFactory
    Stream<DynamicTest> keepsToTheContract() throws IOException, InvalidFileException {
        Path examples = Path.of(System.getProperty("tributary.home"), "integrations/declarative/examples");
        var gitlab = ApiDescription.read(examples.resolve("gitlab.provider.yaml"));
        var integration =
                DeclarativeIntegration.read(examples.resolve("gitlab.yaml")).withPagesOf(gitlab.pageSize());
        return CertifiedTests.of(() -> new DescribedProvider(gitlab, () -> integration));
    }
}
