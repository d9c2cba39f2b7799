package io.tributary.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import io.tributary.scheduler.testing.Tokens;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Organisations: who belongs to one, whose accounts its administrators see and connect, and how accounts move. */
class OrganisationsIT extends ApiTest {

    private static final String PATH = "/v1/user-integrations";
    private static final String HELLO = "{\"integrationDomain\": \"hello\"}";

    private final String bob = "bob-" + UUID.randomUUID();
    private final String acme = "acme-" + UUID.randomUUID();

    private Api member;
    private Api admin;

    @BeforeEach
    void signIn() {
        member = scheduler.member(bob, acme);
        admin = scheduler.orgAdmin("ada-" + UUID.randomUUID(), acme);
    }

    @Test
    void isTheUserAloneWithoutTheClaim() {
        var created = scheduler.user(bob).post(PATH, HELLO).expect(201);

        assertThat(created.text("userId")).isEqualTo(bob);
        assertThat(created.text("orgId")).isEqualTo(bob);
    }

    @Test
    void isTheClaimOfTheToken() {
        assertThat(member.post(PATH, HELLO).expect(201).text("orgId")).isEqualTo(acme);
    }

    @Test
    void refusesTokensWhoseClaimIsNoName() {
        for (Object org : List.of("", " ", 7, List.of(acme), "x".repeat(256))) {
            String token = scheduler
                    .tokens()
                    .signed(Tokens.claims(bob).claim("org", org).build());
            scheduler.with(token).get(PATH).expectProblem(401, "api.unauthenticated");
        }
    }

    @Test
    void cannotBeClaimedUnderTheInnerName() {
        UUID account = member.connectHello();
        String token = scheduler
                .tokens()
                .signed(Tokens.claims("eve")
                        .claim(Caller.ORG_CLAIM, acme)
                        .claim("scope", "org-admin")
                        .build());

        scheduler.with(token).get(PATH + "/" + account).expectProblem(404, "api.notFound");
    }

    @Test
    void showsAdministratorsTheAccountsRunsAndChangesOfTheOrganisation() {
        UUID account = member.connectHello();
        String run = member.post(PATH + "/" + account + "/trigger").expect(202).text("runId");

        assertThat(texts(admin.get(PATH), "id")).containsExactly(account.toString());
        assertThat(texts(admin.get("/v1/sync-runs?userIntegrationId=" + account), "id"))
                .containsExactly(run);
        assertThat(texts(admin.get("/v1/audit-log"), "action")).contains("createUserIntegration", "triggerRun");
        admin.post("/sync/pause/" + account).expect(200);
    }

    @Test
    void showsUsersTheirOwnChangesOnly() {
        member.connectHello();
        scheduler.member("carl-" + bob, acme).connectHello();

        assertThat(texts(member.get("/v1/audit-log"), "userId")).containsExactly(bob);
    }

    @Test
    void letsAdministratorsConnectAccountsOfTheirUsers() {
        String forBob = "{\"integrationDomain\": \"hello\", \"userId\": \"" + bob + "\"}";

        var created = admin.post(PATH, forBob).expect(201);

        assertThat(created.text("orgId")).isEqualTo(acme);
        member.get(PATH + "/" + created.text("id")).expect(200);
        scheduler
                .member(bob, "other-" + acme)
                .get(PATH + "/" + created.text("id"))
                .expectProblem(404, "api.notFound");
    }

    @Test
    void refusesAccountsOfOtherUsersAndOrganisations() {
        String ofOtherUser = "{\"integrationDomain\": \"hello\", \"userId\": \"carl\"}";
        String ofOtherOrg = "{\"integrationDomain\": \"hello\", \"orgId\": \"other\"}";

        member.post(PATH, ofOtherUser).expectProblem(403, "api.forbidden");
        member.post(PATH, ofOtherOrg).expectProblem(403, "api.forbidden");
        admin.post(PATH, ofOtherOrg).expectProblem(403, "api.forbidden");
    }

    @Test
    void letsOperatorsNameUserAndOrganisation() {
        var created = scheduler
                .operator()
                .post(
                        PATH,
                        "{\"integrationDomain\": \"hello\", \"userId\": \"" + bob + "\", \"orgId\": \"" + acme + "\"}")
                .expect(201);

        member.get(PATH + "/" + created.text("id")).expect(200);
    }

    @Test
    void keepsAccountsFromBeforeVisibleToTheirUserAndMovesThemOnRequest() {
        UUID account = scheduler.user(bob).connectHello();
        String run = scheduler
                .user(bob)
                .post(PATH + "/" + account + "/trigger")
                .expect(202)
                .text("runId");
        member.get(PATH + "/" + account).expect(200);
        admin.get(PATH + "/" + account).expectProblem(404, "api.notFound");

        long moved = scheduler
                .database()
                .jdbc()
                .sql("select move_user_to_org(:user, :org)")
                .param("user", bob)
                .param("org", acme)
                .query(Long.class)
                .single();

        assertThat(moved).isEqualTo(1);
        admin.get(PATH + "/" + account).expect(200);
        admin.get("/v1/sync-runs/" + run).expect(200);
    }

    @Test
    void doesNotServeAnIdempotencyKeyToAnotherOrganisationOfTheUser() {
        String key = UUID.randomUUID().toString();
        send(member, key).expect(201);

        send(scheduler.member(bob, "other-" + acme), key).expectProblem(422, "api.idempotencyKeyReused");
    }

    private static Api.Answer send(Api api, String key) {
        return api.send(api.request(PATH)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(HELLO)));
    }

    private static List<String> texts(Api.Answer answer, String field) {
        return answer.expect(200)
                .json()
                .get("items")
                .valueStream()
                .map(item -> item.get(field))
                .map(JsonNode::asString)
                .toList();
    }
}
