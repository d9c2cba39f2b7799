package io.tributary.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.RunningScheduler;
import io.tributary.scheduler.testing.SharedScheduler;
import io.tributary.scheduler.testing.Tokens;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every way in, as a user, an operator, nobody, and with every kind of bad token. */
@ExtendWith(SharedScheduler.class)
class AccessIT {

    private static final String ID = "/0198c0de-0000-4000-8000-00000000abcd";

    private static final List<String> READS = List.of(
            "/v1/user-integrations",
            "/v1/user-integrations" + ID,
            "/v1/sync-runs",
            "/v1/sync-runs" + ID,
            "/v1/sync-runs" + ID + "/proof",
            "/v1/sync-runs" + ID + "/failures",
            "/v1/user-integration-content",
            "/v1/webhooks",
            "/v1/webhooks" + ID,
            "/v1/credential-keys",
            "/sync/platforms",
            "/unknown",
            "/actuator",
            "/actuator/env",
            "/error");

    private final RunningScheduler scheduler;

    AccessIT(RunningScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @TestFactory
    List<DynamicTest> refusesEveryBadTokenEverywhere() {
        var good = Tokens.claims("ann").build();
        var tokens = scheduler.tokens();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(tokens.publicKey())
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.UTF_8);
        String valid = tokens.signed(good);
        return Map.ofEntries(
                        Map.entry(
                                "expired",
                                tokens.signed(
                                        with(good).expirationTime(ago(300)).build())),
                        Map.entry(
                                "not valid yet",
                                tokens.signed(
                                        with(good).notBeforeTime(ago(-300)).build())),
                        Map.entry(
                                "without expiry",
                                tokens.signed(with(good).expirationTime(null).build())),
                        Map.entry(
                                "for another audience",
                                tokens.signed(with(good).audience("other").build())),
                        Map.entry(
                                "for nobody",
                                tokens.signed(with(good).audience((String) null).build())),
                        Map.entry(
                                "of another issuer",
                                tokens.signed(
                                        with(good).issuer("https://evil.test").build())),
                        Map.entry(
                                "without issuer",
                                tokens.signed(with(good).issuer(null).build())),
                        Map.entry(
                                "without subject",
                                tokens.signed(with(good).subject(null).build())),
                        Map.entry(
                                "with a blank subject",
                                tokens.signed(with(good).subject(" ").build())),
                        Map.entry(
                                "with a subject that Postgres cannot hold",
                                tokens.signed(with(good).subject("a\0b").build())),
                        Map.entry(
                                "with half a surrogate pair as subject",
                                tokens.signedJson(good.toString().replace("ann", "a\\ud800"))),
                        Map.entry(
                                "with an endless subject",
                                tokens.signed(
                                        with(good).subject("x".repeat(256)).build())),
                        Map.entry("signed by nobody", Tokens.unsigned(good)),
                        Map.entry("signed by a stranger", Tokens.rsa().signed(good)),
                        Map.entry("signed by a stranger with ES256", Tokens.ec().signed(good)),
                        Map.entry("signed with another algorithm", tokens.signedWith(JWSAlgorithm.RS512, good)),
                        Map.entry("HMAC with the public key in DER", tokens.confusedWith(tokens.publicKey(), good)),
                        Map.entry("HMAC with the public key in PEM", tokens.confusedWith(pem, good)),
                        Map.entry(
                                "with other claims than were signed",
                                tampered(
                                        valid,
                                        tokens.signed(with(good).subject("eve").build()))),
                        Map.entry("without its signature", valid.substring(0, valid.lastIndexOf('.') + 1)),
                        Map.entry("garbage", "garbage"),
                        Map.entry("empty", ""))
                .entrySet()
                .stream()
                .map(token -> DynamicTest.dynamicTest(token.getKey(), () -> refused(scheduler.with(token.getValue()))))
                .toList();
    }

    @Test
    void refusesNobodyEverywhere() {
        refused(scheduler.nobody());
        scheduler.nobody().post("/v1/user-integrations", "{}").expectProblem(401, "api.unauthenticated");
        scheduler.nobody().patch("/v1/user-integrations" + ID, "{}").expectProblem(401, "api.unauthenticated");
        scheduler.nobody().delete("/v1/user-integrations" + ID).expectProblem(401, "api.unauthenticated");
        scheduler.nobody().post("/v1/user-integrations" + ID + "/trigger").expectProblem(401, "api.unauthenticated");
    }

    @Test
    void takesATokenOnlyInTheHeader() {
        String token = scheduler.tokens().user("ann");

        scheduler.nobody().get("/sync/platforms?access_token=" + token).expectProblem(401, "api.unauthenticated");
        scheduler
                .nobody()
                .send(scheduler.nobody().request("/sync/platforms").header("Cookie", "access_token=" + token))
                .expectProblem(401, "api.unauthenticated");
    }

    @Test
    void letsUsersAndOperatorsIn() {
        scheduler.user("ann").get("/sync/platforms").expect(200);
        scheduler.operator().get("/sync/platforms").expect(200);
    }

    @Test
    void takesTheScopeAlsoAsAList() {
        String operator = scheduler
                .tokens()
                .signed(Tokens.claims("root")
                        .claim("scope", List.of("operator"))
                        .build());
        String other = scheduler
                .tokens()
                .signed(Tokens.claims("root")
                        .claim("scope", "operators not-operator")
                        .build());

        scheduler.with(operator).get("/v1/user-integration-content").expect(200);
        scheduler.with(other).get("/v1/user-integration-content").expectError("userIntegrationId");
    }

    @Test
    void tellsNobodyMoreThanHealthAndTheDescriptionOfTheApi() {
        assertThat(scheduler.nobody().get("/actuator/health").expect(200).body())
                .doesNotContain("database", "PostgreSQL");
        scheduler.nobody().get("/actuator/health/liveness").expect(200);
        scheduler.nobody().get("/actuator/health/readiness").expect(200);
        scheduler.nobody().get("/v3/api-docs").expect(200);
        scheduler.user("ann").get("/actuator/env").expectProblem(404, "api.notFound");
        scheduler.operator().get("/actuator/beans").expectProblem(404, "api.notFound");
    }

    @Test
    void keepsNothingBetweenRequests() {
        var answer = scheduler.user("ann").get("/sync/platforms").expect(200);

        assertThat(answer.response().headers().firstValue("Set-Cookie")).isEmpty();
    }

    private static void refused(Api api) {
        for (String path : READS) {
            var answer = api.get(path).expectProblem(401, "api.unauthenticated");
            assertThat(answer.response().headers().firstValue("WWW-Authenticate"))
                    .as(path)
                    .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
        }
    }

    private static JWTClaimsSet.Builder with(JWTClaimsSet claims) {
        return new JWTClaimsSet.Builder(claims);
    }

    private static Date ago(long seconds) {
        return Date.from(Instant.now().minus(Duration.ofSeconds(seconds)));
    }

    private static String tampered(String token, String other) {
        return token.substring(0, token.indexOf('.'))
                + other.substring(other.indexOf('.'), other.lastIndexOf('.'))
                + token.substring(token.lastIndexOf('.'));
    }
}
