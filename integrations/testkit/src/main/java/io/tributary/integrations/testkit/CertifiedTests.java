package io.tributary.integrations.testkit;

import io.tributary.integrations.workbench.certify.Certification;
import io.tributary.integrations.workbench.certify.Check;
import io.tributary.integrations.workbench.certify.Outcome;
import io.tributary.integrations.workbench.certify.Provider;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/**
 * The checks as tests of JUnit, each of its own name; one that does not apply is skipped, with the reason.
 *
 * <pre>{@code
 * class CertifiedIT {
 *     @TestFactory
 *     Stream<DynamicTest> keepsToTheContract() {
 *         return CertifiedTests.of(ShopDouble::new);
 *     }
 * }
 * }</pre>
 */
public final class CertifiedTests {

    private CertifiedTests() {}

    /** @param providers as {@link Certification#of} has them */
    public static Stream<DynamicTest> of(Supplier<? extends Provider> providers) {
        return Certification.of(providers).checks().stream()
                .map(check -> DynamicTest.dynamicTest(check.name(), () -> mustPass(check)));
    }

    private static void mustPass(Check check) throws InterruptedException {
        switch (check.run()) {
            case Outcome.Passed passed -> {}
            case Outcome.Failed failed -> Assertions.fail(check.name() + ": " + failed.why());
            case Outcome.NotApplicable not -> Assumptions.abort(check.name() + ": " + not.reason());
        }
    }
}
