package io.tributary.scheduler.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tributary.scheduler.events.Event;
import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BillingApiIT extends ApiTest {

    private final String org = "org-" + UUID.randomUUID();
    private final String plan = "plan-" + UUID.randomUUID();
    /** It is about noon there, so that no day ends while a test runs. */
    private final String zone = ZoneOffset.ofHours(
                    12 - Instant.now().atZone(ZoneOffset.UTC).getHour())
            .getId();

    private Api admin;
    private Api operator;

    @BeforeEach
    void beBilledByTheDay() {
        operator = scheduler.operator();
        admin = scheduler.orgAdmin("ada", org);
        operator.put("/v1/billing/plans/" + plan, """
                {"currency": "EUR", "fixedFee": 10, "prices": [
                  {"meter": "calls", "unitPrice": 0.005, "included": 100},
                  {"meter": "runs", "unitPrice": 1}, {"meter": "items", "unitPrice": 0.1}]}
                """).expect(200);
        operator.put("/v1/billing/accounts/" + org, """
                {"planId": "%s", "zone": "%s", "cycle": "day"}
                """.formatted(plan, zone)).expect(200);
    }

    @Test
    void countsAnEventOnceByItsId() {
        Instant now = Instant.now();
        assertThat(add(admin, event("a", "calls", "1.5", now), event("b", "calls", "2", now)))
                .isEqualTo("{\"accepted\":2,\"repeated\":0}");
        assertThat(add(
                        admin,
                        event("b", "calls", "2", now),
                        event("c", "seats", "1", now),
                        event("c", "seats", "9", now)))
                .isEqualTo("{\"accepted\":1,\"repeated\":2}");

        assertThat(admin.get("/v1/usage?orgId=" + org).expect(200).body())
                .contains("{\"meter\":\"calls\",\"quantity\":3.5,\"events\":2,\"unbilled\":2}")
                .contains("{\"meter\":\"seats\",\"quantity\":1,\"events\":1,\"unbilled\":1}");
        assertThat(items(admin, "/v1/usage?limit=1")).hasSize(1);
    }

    @Test
    void refusesUsageThatCannotBeBilled() {
        Instant now = Instant.now();
        admin.post("/v1/usage", "{\"events\": []}").expectError("/events");
        post(admin, event("", "calls", "1", now)).expectError("/events/0/id");
        post(admin, event("run:" + UUID.randomUUID() + ":runs", "runs", "0", now))
                .expectError("/events/0/id");
        post(admin, event("a", "no meter", "1", now)).expectError("/events/0/meter");
        post(admin, event("a", "calls", "1e40", now)).expectError("/events/0/quantity");
        post(admin, event("a", "calls", "1", now.plus(2, ChronoUnit.DAYS))).expectError("/events/0/at");
        post(admin, event("a", "calls", "-1", now)).expectProblem(403, "api.forbidden");
        post(ann, event("a", "calls", "1", now)).expectProblem(403, "api.forbidden");
        assertThat(items(admin, "/v1/usage")).isEmpty();
    }

    @Test
    void billsFromTheTimeOfTheFirstPlan() {
        Instant billedFrom = Instant.parse(
                admin.get("/v1/billing/accounts/" + org).expect(200).text("billedFrom"));
        operator.put("/v1/billing/accounts/" + org, """
                {"planId": "%s", "zone": "UTC", "cycle": "day"}
                """.formatted(plan)).expect(200);

        assertThat(billedFrom).isAfter(Instant.now().minusSeconds(600));
        assertThat(admin.get("/v1/billing/accounts/" + org).expect(200).text("billedFrom"))
                .isEqualTo(billedFrom.toString());
    }

    @Test
    void storesAQuantityWithoutTheZerosOfItsExponent() {
        Instant now = Instant.now();
        post(admin, event("a", "calls", "1E+999999999", now)).expectError("/events/0/quantity");
        post(admin, event("a", "calls", "1E-999999999", now)).expectError("/events/0/quantity");
        add(admin, event("a", "calls", "0E-999999999", now), event("b", "calls", "1.50E+1", now));
        operator.put("/v1/billing/plans/" + plan, """
                {"currency": "EUR", "fixedFee": 0E-999999999, "prices": [
                  {"meter": "calls", "unitPrice": 0E-999999999, "included": 0E+999999999}]}
                """).expect(200);

        assertThat(admin.get("/v1/usage?orgId=" + org).expect(200).body())
                .contains("{\"meter\":\"calls\",\"quantity\":15,\"events\":2,\"unbilled\":2}");
        assertThat(items(operator, "/v1/billing/plans?limit=1000"))
                .filteredOn(it -> it.get("id").asString().equals(plan))
                .singleElement()
                .asString()
                .contains("\"fixedFee\":0,")
                .contains("\"unitPrice\":0,\"included\":0");
    }

    @Test
    void closesACycleWithAnInvoiceWhoseLinesLeadToTheirEvents() {
        Instant begins = startHoursAgo();
        operator.post(
                        "/v1/billing/accounts/" + org + "/credits",
                        "{\"id\": \"welcome\", \"currency\": \"EUR\", \"amount\": 4}")
                .expect(204);
        add(admin, event("a", "calls", "1101", begins.plusSeconds(1)), event("b", "unpriced", "7", begins));

        scheduler.maintain("closeBillingCycles");

        JsonNode invoice = items(admin, "/v1/invoices").getFirst();
        assertThat(invoice.get("status").asString()).isEqualTo("issued");
        // 10.00 + 1001 * 0.005 rounded half to even - 4.00
        assertThat(invoice.get("total").decimalValue()).isEqualByComparingTo("11.00");
        assertThat(invoice.get("lines").valueStream().map(BillingApiIT::summary))
                .containsExactly("fee fee 1 10", "usage calls 1101 5", "usage unpriced 7 0", "credit welcome 1 -4");
        String path = "/v1/invoices/" + invoice.get("id").asString();
        assertThat(admin.get(path).expect(200).json()).isEqualTo(invoice);
        assertThat(items(admin, path + "/events?meter=calls")
                        .getFirst()
                        .get("id")
                        .asString())
                .isEqualTo("a");
        admin.get(path + "/events").expectError("meter");
        ann.get(path).expectProblem(404, "api.notFound");
        ann.get("/v1/invoices?orgId=" + org).expectProblem(404, "api.notFound");
    }

    @Test
    void billsLateUsageOnTheNextInvoice() {
        Instant begins = startHoursAgo();
        scheduler.maintain("closeBillingCycles");
        add(admin, event("late", "calls", "300", begins.plusSeconds(1)));
        scheduler
                .database()
                .jdbc()
                .sql("update billing_account set ends = now() - interval '30 minutes' where org_id = :org")
                .param("org", org)
                .update();

        scheduler.maintain("closeBillingCycles");

        List<JsonNode> invoices = items(admin, "/v1/invoices");
        assertThat(invoices).hasSize(2);
        JsonNode line = invoices.getFirst().get("lines").get(1);
        assertThat(summary(line)).isEqualTo("usage calls 300 1");
        assertThat(line.get("lateEvents").asInt()).isEqualTo(1);
        assertThat(invoices.getLast().get("lines").size()).isEqualTo(1);
    }

    @Test
    void chargesAnInvoiceOnce() {
        UUID bank = connectBank();
        startHoursAgo();
        scheduler.maintain("closeBillingCycles");

        scheduler.maintain("collectInvoices");
        scheduler.maintain("collectInvoices");

        JsonNode charging = items(admin, "/v1/invoices").getFirst();
        assertThat(charging.get("status").asString()).isEqualTo("charging");
        String id = charging.get("id").asString();
        UUID run = UUID.fromString(charging.get("charge").get("runId").asString());
        assertThat(scheduler
                        .database()
                        .value("select initial_payload::text from sync_run where id = :id", run, String.class))
                .contains("\"key\": \"invoice:" + id + "\"", "\"amount\": 1000", "\"customer\": \"cus_1\"");
        assertThat(scheduler
                        .database()
                        .count("select count(*) from sync_run where user_integration_id = '" + bank + "'"
                                + " and sync_type = 'system:actions'"))
                .isOne();

        scheduler
                .database()
                .jdbc()
                .sql("""
            insert into effect (user_integration_id, effect_key, action, run_id, task_id)
            values (:bank, :key, 'charge', :run, gen_random_uuid())
            """)
                .param("bank", bank)
                .param("key", "invoice:" + id)
                .param("run", run)
                .update();
        scheduler.maintain("collectInvoices");

        assertThat(admin.get("/v1/invoices/" + id).expect(200).text("status")).isEqualTo("paid");
    }

    @Test
    void showsWhyAChargeFailed() {
        UUID bank = connectBank();
        startHoursAgo();
        scheduler.maintain("closeBillingCycles");
        scheduler.maintain("collectInvoices");
        JsonNode charging = items(admin, "/v1/invoices").getFirst();
        String id = charging.get("id").asString();
        UUID run = UUID.fromString(charging.get("charge").get("runId").asString());

        scheduler.database().jdbc().sql("""
            update sync_run set status = 'partial', finished_at = now() where id = :run
            """).param("run", run).update();
        scheduler
                .database()
                .jdbc()
                .sql("""
            insert into dead_letter (kafka_partition, kafka_offset, user_integration_id, task_type, error_code,
                                     error_message, fingerprint, attempts, record, created_at, effect_key)
            values (31, 1, :bank, 'charge', 'bank.declined', 'No.', 'f', 1, '{}', now(), :key)
            """)
                .param("bank", bank)
                .param("key", "invoice:" + id)
                .update();
        scheduler.maintain("collectInvoices");

        JsonNode failed = admin.get("/v1/invoices/" + id).expect(200).json();
        assertThat(failed.get("status").asString()).isEqualTo("failed");
        assertThat(failed.get("charge").get("error").asString()).isEqualTo("bank.declined");
        assertThat(failed.get("charge").get("userIntegrationId").asString()).isEqualTo(bank.toString());
    }

    @Test
    void chargesTheOthersWhenOneInvoiceIsTooLarge() {
        connectBank();
        startHoursAgo();
        scheduler.maintain("closeBillingCycles");
        String large = items(admin, "/v1/invoices").getFirst().get("id").asString();
        scheduler.database().update("update invoice set total = 1e20 where id = :id", UUID.fromString(large));
        startHoursAgo(2);
        scheduler.maintain("closeBillingCycles");

        scheduler.maintain("collectInvoices");

        JsonNode failed = admin.get("/v1/invoices/" + large).expect(200).json();
        assertThat(failed.get("status").asString()).isEqualTo("failed");
        assertThat(failed.get("charge").get("error").asString()).isEqualTo("billing.amountTooLarge");
        assertThat(items(admin, "/v1/invoices"))
                .extracting(it -> it.get("status").asString())
                .containsExactly("charging", "failed");
    }

    @Test
    void endsInvoicesWhoseAccountIsGone() {
        UUID bank = connectBank();
        startHoursAgo();
        scheduler.maintain("closeBillingCycles");
        scheduler.maintain("collectInvoices");
        startHoursAgo(2);
        scheduler.maintain("closeBillingCycles");
        scheduler.database().update("delete from user_integration where id = :id", bank);

        scheduler.maintain("collectInvoices");

        assertThat(items(admin, "/v1/invoices"))
                .extracting(it -> it.get("status").asString() + " "
                        + it.get("charge").get("error").asString())
                .containsExactly("failed billing.chargeAccountGone", "uncertain billing.chargeAccountGone");
    }

    /** Connects an account that collects the invoices. */
    private UUID connectBank() {
        scheduler.broker().announce("""
            {"domain": "bank", "version": "1.0.0", "displayName": "Bank", "auth": [],
             "configSchema": {"type": "object"},
             "syncTypes": [], "taskTypes": [{"name": "charge", "priority": 1}],
             "actions": [{"name": "charge", "inputSchema": {"type": "object"}, "repeat": "key"}]}
            """);
        UUID bank = await().atMost(Duration.ofMinutes(1))
                .until(
                        () -> operator.post("/v1/user-integrations", "{\"integrationDomain\": \"bank\"}"),
                        answer -> answer.status() == 201)
                .json()
                .get("id")
                .asString()
                .transform(UUID::fromString);
        String account = "/v1/billing/accounts/" + org;
        operator.put(account, "{\"planId\": \"%s\", \"chargeAccount\": \"%s\"}".formatted(plan, bank))
                .expectError("/customer");
        operator.put(
                        account,
                        "{\"planId\": \"%s\", \"chargeAccount\": \"%s\", \"customer\": \"c\"}"
                                .formatted(plan, operator.connectHello()))
                .expectError("/chargeAccount");
        operator.put(
                        account,
                        "{\"planId\": \"%s\", \"chargeAccount\": \"%s\", \"customer\": \"cus_1\"}"
                                .formatted(plan, bank))
                .expect(200);
        return bank;
    }

    @Test
    void billsWhatRunsUsedOnce() {
        UUID integration = scheduler.database().integration(null);
        UUID run = scheduler.database().run(integration, "manual");
        scheduler.database().jdbc().sql("""
            update sync_run
            set org_id = :org, status = 'succeeded', finished_at = now(), outputs_saved = 12, completed = 3
            where id = :run
            """).param("org", org).param("run", run).update();
        var ended = new Event(
                UUID.randomUUID(), 1, "run.completed", integration, "ada", "hello", run, null, "{}", Instant.now());
        var receiver = scheduler.bean(UsageOfRuns.class);

        receiver.receive(List.of(ended));
        receiver.receive(List.of(ended, ended));

        assertThat(admin.get("/v1/usage").expect(200).body())
                .contains("{\"meter\":\"items\",\"quantity\":12,\"events\":1,\"unbilled\":1}")
                .contains("{\"meter\":\"runs\",\"quantity\":1,\"events\":1,\"unbilled\":1}")
                .doesNotContain("tasks");
    }

    @Test
    void refusesPlansAndAccountsThatCannotBe() {
        admin.put("/v1/billing/plans/" + plan, "{\"currency\": \"EUR\"}").expectProblem(403, "api.forbidden");
        operator.put("/v1/billing/plans/x", "{\"currency\": \"XYZ\"}").expectError("/currency");
        operator.put(
                        "/v1/billing/plans/x",
                        "{\"currency\": \"EUR\", \"prices\": [{\"meter\": \"a\", \"unitPrice\": -1}]}")
                .expectError("/prices/0/unitPrice");
        operator.put("/v1/billing/accounts/" + org, "{\"planId\": \"none\"}").expectError("/planId");
        operator.put("/v1/billing/accounts/" + org, "{\"planId\": \"%s\", \"zone\": \"Mars/Base\"}".formatted(plan))
                .expectError("/zone");
        operator.post(
                        "/v1/billing/accounts/" + org + "/credits",
                        "{\"id\": \"x\", \"currency\": \"JPY\", \"amount\": 0.5}")
                .expectError("/amount");
        assertThat(items(operator, "/v1/billing/plans?limit=1000"))
                .anyMatch(it -> it.get("id").asString().equals(plan));
        assertThat(admin.get("/v1/billing/accounts/" + org).expect(200).text("zone"))
                .isEqualTo(zone);
    }

    /** Moves the open cycle to some hours ago, so that it has ended. */
    private Instant startHoursAgo() {
        return startHoursAgo(3);
    }

    private Instant startHoursAgo(int hours) {
        Instant begins = Instant.now().minus(hours, ChronoUnit.HOURS);
        scheduler
                .database()
                .jdbc()
                .sql("""
            update billing_account
            set billed_from = :begins::timestamptz, begins = :begins::timestamptz,
                ends = :begins::timestamptz + interval '1 hour'
            where org_id = :org
            """)
                .param("begins", begins.toString())
                .param("org", org)
                .update();
        return begins;
    }

    private static String summary(JsonNode line) {
        return line.get("kind").asString() + " " + line.get("meter").asString() + " "
                + line.get("quantity").decimalValue().stripTrailingZeros().toPlainString() + " "
                + line.get("amount").decimalValue().stripTrailingZeros().toPlainString();
    }

    private String add(Api api, String... events) {
        return post(api, events).expect(202).body();
    }

    private Api.Answer post(Api api, String... events) {
        return api.post("/v1/usage", "{\"events\": [" + String.join(",", events) + "]}");
    }

    private String event(String id, String meter, String quantity, Instant at) {
        return "{\"id\": \"%s\", \"orgId\": \"%s\", \"meter\": \"%s\", \"quantity\": %s, \"at\": \"%s\"}"
                .formatted(id, org, meter, quantity, at);
    }

    private static List<JsonNode> items(Api api, String path) {
        return api.get(path).expect(200).json().get("items").valueStream().toList();
    }
}
