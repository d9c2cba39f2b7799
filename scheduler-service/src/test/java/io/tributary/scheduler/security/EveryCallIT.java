package io.tributary.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiDocument.Call;
import io.tributary.scheduler.testing.ApiTest;
import io.tributary.scheduler.testing.RowsOfAUser;
import io.tributary.scheduler.testing.Tokens;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every call of the description, as a user, another user, an operator, nobody, and with every kind of bad token. A new
 * call is here as soon as it is described.
 */
class EveryCallIT extends ApiTest {

    private static final Set<String> OPERATORS_ONLY = Set.of(
            "listCredentialKeys",
            "listSyncStats",
            "listBillingPlans",
            "putBillingPlan",
            "putBillingAccount",
            "addCredit",
            "createAppWebhookEndpoint",
            "getAppWebhookEndpoint",
            "deleteAppWebhookEndpoint");

    /** The provider sends the user's browser there, without a token of ours; the call checks whose it is by itself. */
    private static final Set<String> OPEN_TO_ALL = Set.of("completeAuthorization");

    @TestFactory
    Stream<DynamicTest> refusesWhoIsNobody() {
        var strangers = strangers();
        return each(call -> strangers.forEach((name, token) -> {
            if (token == null && OPEN_TO_ALL.contains(call.operationId())) {
                return;
            }
            var answer = send(scheduler.with(token), call, call.path().replaceAll("\\{.*?}", "x"));
            assertThat(answer.status()).as(name).isEqualTo(401);
            answer.expectProblem(401, "api.unauthenticated");
        }));
    }

    @TestFactory
    Stream<DynamicTest> servesWhoOwnsTheRows() {
        return each(call -> {
            String ann = "ann-" + UUID.randomUUID();
            var answer = send(
                    scheduler.user(ann),
                    call,
                    RowsOfAUser.create(scheduler, ann).fill(call.path()));

            if (OPERATORS_ONLY.contains(call.operationId())) {
                answer.expectProblem(403, "api.forbidden");
            } else {
                assertServed(call, answer);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> servesOperators() {
        return each(call -> {
            var rows = RowsOfAUser.create(scheduler, "ann-" + UUID.randomUUID());

            assertServed(call, send(scheduler.operator(), call, rows.fill(call.path())));
        });
    }

    @TestFactory
    Stream<DynamicTest> servesAdministratorsOfTheOrganisation() {
        return each(call -> {
            String org = "acme-" + UUID.randomUUID();
            var rows = RowsOfAUser.create(scheduler, "ann-" + UUID.randomUUID(), org);

            var answer = send(scheduler.orgAdmin("ada", org), call, rows.fill(call.path()));

            if (OPERATORS_ONLY.contains(call.operationId())) {
                answer.expectProblem(403, "api.forbidden");
            } else {
                assertServed(call, answer);
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> showsAndDoesNothingToWhoGuessesAnId() {
        return each(call -> {
            String ann = "ann-" + UUID.randomUUID();
            String org = "acme-" + UUID.randomUUID();
            var rows = RowsOfAUser.create(scheduler, ann, org);
            String before = state(rows);

            whoHaveNoPartInIt(ann, org).forEach((name, stranger) -> {
                var answer = send(stranger, call, rows.fill(call.path()) + filter(call, rows));

                if (OPERATORS_ONLY.contains(call.operationId())) {
                    answer.expectProblem(403, "api.forbidden");
                } else if (rows.names(call.path())) {
                    answer.expectProblem(404, "api.notFound");
                }
                assertThat(answer.body())
                        .as(name)
                        .doesNotContain(rows.userIntegration().toString());
                rows.ids()
                        .values()
                        .forEach(id -> assertThat(answer.body()).as(name).doesNotContain(id));
                assertThat(state(rows)).as(name).isEqualTo(before);
            });
        });
    }

    private Map<String, Api> whoHaveNoPartInIt(String owner, String org) {
        String eve = "eve-" + UUID.randomUUID();
        return Map.of(
                "a user without an organisation", scheduler.user(eve),
                "a user of the same organisation", scheduler.member(eve, org),
                "a user of another organisation", scheduler.member(eve, "other-" + org),
                "an administrator of another organisation", scheduler.orgAdmin(eve, "other-" + org),
                "an administrator without an organisation", scheduler.orgAdmin(eve, eve),
                "an organisation with the owner's name", scheduler.member(eve, owner),
                "the owner in another organisation", scheduler.member(owner, "other-" + org));
    }

    private void assertServed(Call call, Api.Answer answer) {
        assertThat(answer.status())
                .as(answer.body())
                .isNotIn(401, 403, 404, 405)
                .isLessThan(500);
        assertThat(document().violations(call, answer)).as(answer.body()).isEmpty();
    }

    private Stream<DynamicTest> each(Consumer<Call> check) {
        return document().calls().stream()
                .map(call -> DynamicTest.dynamicTest(call.toString(), () -> check.accept(call)));
    }

    private static Api.Answer send(Api api, Call call, String path) {
        var request = api.request(path);
        if (call.body() == null) {
            return api.send(request.method(call.method(), BodyPublishers.noBody()));
        }
        return api.send(request.header("Content-Type", "application/json")
                .method(call.method(), BodyPublishers.ofString("{}")));
    }

    private static String filter(Call call, RowsOfAUser rows) {
        boolean filters = call.parameters("query").stream()
                .anyMatch(parameter -> parameter.get("name").asString().equals("userIntegrationId"));
        return filters ? "?userIntegrationId=" + rows.userIntegration() : "";
    }

    /** All that can be done to the rows. */
    private String state(RowsOfAUser rows) {
        return scheduler
                .database()
                .jdbc()
                .sql("""
                    select coalesce((select concat_ws(' ', version, sync_status, name) from user_integration where id = :id), 'gone')
                      || (select concat_ws(' ', count(*), count(cancel_requested_at)) from sync_run where user_integration_id = :id)
                      || (select concat_ws(' ', count(*), count(cancelled_at)) from one_off_task where user_integration_id = :id)
                      || (select concat_ws(' ', count(*), count(finished_at)) from replay where user_integration_id = :id)
                      || (select concat_ws(' ', count(redriven_at), count(redrive_asked_at)) from dead_letter
                          where user_integration_id = :id)
                      || (select count(*) from sync_pause where user_integration_id = :id)
                      || (select string_agg(status, ' ') from notification_delivery where user_integration_id = :id)
                      || (select concat_ws(' ', count(*), count(b.read_at)) from inbox_item b
                          join user_integration i on i.user_id = b.user_id and i.org_id = b.org_id where i.id = :id)
                      || (select count(*) from notification_suppression p
                          join user_integration i on i.user_id = p.user_id and i.org_id = p.org_id where i.id = :id)
                      || (select concat_ws(' ', count(*), max(t.updated_at)) from notification_template t
                          join user_integration i on i.user_id = t.user_id and i.org_id = t.org_id where i.id = :id)
                    """)
                .param("id", rows.userIntegration())
                .query(String.class)
                .single();
    }

    private Map<String, @Nullable String> strangers() {
        var tokens = scheduler.tokens();
        byte[] pem = ("-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(tokens.publicKey())
                        + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.UTF_8);
        var strangers = new LinkedHashMap<String, @Nullable String>();
        strangers.put("nobody", null);
        strangers.put(
                "expired",
                tokens.signed(Tokens.claims("ann")
                        .expirationTime(Date.from(Instant.now().minusSeconds(300)))
                        .build()));
        strangers.put(
                "of another audience",
                tokens.signed(Tokens.claims("ann").audience("other").build()));
        strangers.put(
                "of another issuer",
                tokens.signed(Tokens.claims("ann").issuer("https://evil.test").build()));
        strangers.put("alg:none", Tokens.unsigned(Tokens.claims("ann").build()));
        strangers.put(
                "HS256 with the public key as PEM",
                tokens.confusedWith(pem, Tokens.claims("ann").build()));
        strangers.put(
                "HS256 with the public key as DER",
                tokens.confusedWith(tokens.publicKey(), Tokens.claims("ann").build()));
        strangers.put("of a stranger", Tokens.rsa().signed(Tokens.claims("ann").build()));
        return strangers;
    }
}
