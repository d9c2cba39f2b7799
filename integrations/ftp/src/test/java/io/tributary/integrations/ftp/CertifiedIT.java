package io.tributary.integrations.ftp;

import io.tributary.integrations.testkit.CertifiedTests;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CertifiedIT {

    @TestFactory
    Stream<DynamicTest> keepsToTheContractOverFtp() {
        return CertifiedTests.of(() -> new FtpProvider("ftp"));
    }

    @TestFactory
    Stream<DynamicTest> keepsToTheContractOverSftp() {
        return CertifiedTests.of(() -> new FtpProvider("sftp"));
    }
}
