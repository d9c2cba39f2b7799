package io.tributary.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.file.Path;
import java.text.ParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCommandTest {

    @TempDir
    private Path dataDir;

    @Test
    void printsATokenOfAUserWithoutOrganisation() throws Exception {
        JWTClaimsSet claims = claims("token", "--user", "ann");

        assertThat(claims.getSubject()).isEqualTo("ann");
        assertThat(claims.getClaim("org")).isNull();
        assertThat(claims.getClaim("scope")).isNull();
    }

    @Test
    void printsATokenOfAnAdministrator() throws Exception {
        JWTClaimsSet claims = claims("token", "--user", "ann", "--org", "acme", "--org-admin");

        assertThat(claims.getStringClaim("org")).isEqualTo("acme");
        assertThat(claims.getStringClaim("scope")).isEqualTo("org-admin");
    }

    @Test
    void printsATokenOfAnOperator() throws Exception {
        assertThat(claims("token", "--operator").getStringClaim("scope")).isEqualTo("operator");
    }

    @Test
    void takesOneRole() {
        assertThat(CommandRun.of(dataDir, "token", "--operator", "--org-admin").exitCode())
                .isEqualTo(2);
    }

    private JWTClaimsSet claims(String... arguments) throws ParseException {
        var run = CommandRun.of(dataDir, arguments);
        assertThat(run.exitCode()).as(run.errors()).isZero();
        return SignedJWT.parse(run.output().strip()).getJWTClaimsSet();
    }
}
