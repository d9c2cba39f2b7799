package io.tributary.integrations.slack;

import io.tributary.integrations.testkit.CertifiedTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CertifiedIT {

    @TestFactory
    Stream<DynamicTest> keepsToTheContract() {
        return CertifiedTests.of(SlackProvider::new);
    }
}
