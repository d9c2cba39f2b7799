package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reports that a provider makes of at most three days, and keeps on another host. */
class ReportsIT {

    private static final int MOST_DAYS = 3;

    private final Shop shop = new Shop();
    private final ScriptedHttpServer files = ScriptedHttpServer.start();
    private final Map<String, List<LocalDate>> reports = new LinkedHashMap<>();
    private final Map<String, Integer> polls = new LinkedHashMap<>();
    private int pollsOfAReport = 1;
    private int failing;
    private boolean late;

    @BeforeEach
    void open() {
        shop.clock.set(Instant.parse("2026-05-10T09:00:00Z"));
        shop.http.post("/reports", this::create);
        shop.http.get("/reports/{id}", this::poll);
        files.get("/files/{id}", this::download);
    }

    @AfterEach
    void close() {
        shop.close();
        files.close();
    }

    private synchronized ScriptedAnswer create(ReceivedRequest request) {
        LocalDate from = LocalDate.parse(request.json().requireText("from"));
        LocalDate to = LocalDate.parse(request.json().requireText("to"));
        List<LocalDate> days = from.datesUntil(to.plusDays(1)).toList();
        if (days.size() > MOST_DAYS) {
            return ScriptedAnswer.json("error", "too_many_rows").withStatus(400);
        }
        String id = "r" + (reports.size() + 1);
        reports.put(id, days);
        return ScriptedAnswer.json("report", Map.of("id", id));
    }

    private synchronized ScriptedAnswer poll(ReceivedRequest request) {
        String id = request.variable("id");
        int count = polls.merge(id, 1, Integer::sum);
        if (late) {
            shop.clock.advance(Duration.ofMinutes(40));
            return ScriptedAnswer.json("status", "running");
        }
        if (failing > 0) {
            failing--;
            return ScriptedAnswer.json("status", "failed");
        }
        return count < pollsOfAReport
                ? ScriptedAnswer.json("status", "running")
                : ScriptedAnswer.json(JsonObject.of("status", "done")
                        .with("downloadUrl", files.uri("/files/" + id) + "?signature=abc"));
    }

    private synchronized ScriptedAnswer download(ReceivedRequest request) {
        String rows = reports.getOrDefault(request.variable("id"), List.of()).stream()
                .map(day -> day + ",7\n")
                .collect(Collectors.joining());
        return ScriptedAnswer.status(200).body("text/csv", ("day,clicks\n" + rows).getBytes(StandardCharsets.UTF_8));
    }

    private ConnectedAccount account(String firstWindow) {
        return shop.accountOf(file(firstWindow, "1s")).credentials(Map.of("accessToken", "t0ken"));
    }

    private static String file(String firstWindow, String every) {
        return "auth: {type: bearer}\nhttp: {headers: {X-Account: me}}\n" + Shop.HEAD
                + """
              figures:
                report:
                  create:
                    request: {method: POST, path: /reports, body: {from: "${since}", to: "${until}"}}
                    id: report.id
                    tooLarge: {status: 400, when: body.error = 'too_many_rows'}
                  poll:
                    request: {path: "/reports/${report.id}"}
                    done: status = 'done'
                    failed: status = 'failed'
                    with: {url: downloadUrl}
                    every: %s
                request: {url: "${report.url}"}
                format: csv
                incremental: {type: windows, format: date, granularity: 1d, firstWindow: %s}
                output: {id: day, timestamp: day, name: clicks}
            """.formatted(every, firstWindow);
    }

    @Test
    void createsPollsAndDownloadsWithoutCredentialsForAnotherHost() throws Exception {
        pollsOfAReport = 2;

        var run = account("2d").sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs())
                .extracting(Output::externalId)
                .containsExactly("2026-05-08", "2026-05-09", "2026-05-10");
        assertThat(shop.asked()).containsExactly("POST /reports", "GET /reports/r1", "GET /reports/r1");
        assertThat(shop.http.requests().getLast().header("Authorization")).contains("Bearer t0ken");
        assertThat(files.requests().getFirst().header("Authorization")).isEqualTo(Optional.empty());
        assertThat(run.tasks("figures"))
                .noneMatch(task -> task.payload().toJson().contains("signature"));
    }

    @Test
    void sendsNoHeadersOfTheFileToAnotherHost() throws Exception {
        account("2d").sync();

        assertThat(shop.http.requests().getLast().header("X-Account")).contains("me");
        assertThat(files.requests().getFirst().header("X-Account")).isEqualTo(Optional.empty());
    }

    @Test
    void followsAnAddressThatIsRelativeOrNotWellFormed() throws Exception {
        shop.http.get("/reports/files/{id}", this::download);
        shop.http.get(
                "/reports/{id}",
                request -> ScriptedAnswer.json(JsonObject.of("status", "done")
                        .with("downloadUrl", "files/" + request.variable("id") + "?by=a b|c")));

        assertThat(account("2d").sync().outputs()).hasSize(3);
        assertThat(shop.asked()).last().isEqualTo("GET /reports/files/r1?by=a%20b%7Cc");
    }

    @Test
    void triesAgainWhereTheAddressIsNone() throws Exception {
        shop.http.get(
                "/reports/{id}",
                request -> ScriptedAnswer.json(JsonObject.of("status", "done").with("downloadUrl", "mailto:x")));

        var failures = account("2d").sync().failures();

        assertThat(failures)
                .first()
                .isInstanceOfSatisfying(
                        TaskFailure.Transient.class,
                        failure -> assertThat(failure.code()).isEqualTo("shop.answerUnreadable"));
    }

    @Test
    void halvesARangeUntilTheProviderTakesIt() throws Exception {
        var run = account("19d").sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(20).extracting(Output::externalId).doesNotHaveDuplicates();
        assertThat(reports.values()).allMatch(days -> days.size() <= MOST_DAYS);
    }

    @Test
    void createsAReportAgainThatTheProviderCouldNotMake() throws Exception {
        failing = 2;
        assertThat(account("2d").sync().outputs()).hasSize(3);
        assertThat(reports).hasSize(3);

        failing = 9;
        var run = account("2d").sync();
        assertThat(run.failureCodes()).containsExactly("shop.reportFailed");
    }

    @Test
    void leavesALongWaitToTheNextTask() throws Exception {
        pollsOfAReport = 9;
        JsonObject payload = JsonObject.of("report", JsonObject.of("id", "r1").with("since", "2026-05-10T09:00:00Z"))
                .with("reach", JsonObject.of("from", "2026-05-09T00:00:00Z").with("to", "2026-05-10T00:00:00Z"));

        var result = Shop.parse(file("2d", "30s"))
                .run(
                        new Task("figures", payload, 1),
                        LocalContext.empty()
                                .withDomain("shop")
                                .withClock(shop.clock)
                                .withCredentials(Map.of("accessToken", "t0ken"))
                                .withConfig("baseUrl", shop.http.uri().toString()));

        assertThat(polls).containsExactly(Map.entry("r1", 1));
        assertThat(result.tasks())
                .singleElement()
                .satisfies(next -> assertThat(next.payload().object("report").bool("waits"))
                        .contains(true));
    }

    @Test
    void givesUpAtTheDeadlineAndKeepsTheState() throws Exception {
        late = true;
        ConnectedAccount account = account("2d");

        var run = account.sync();

        assertThat(run.failureCodes()).containsExactly("shop.reportLate");
        assertThat(polls.values()).containsExactly(2);
        assertThat(account.syncState().isEmpty()).isTrue();
    }

    @Test
    void saysThatADayCannotBeHalved() throws Exception {
        shop.http.post(
                "/reports",
                request -> ScriptedAnswer.json("error", "too_many_rows").withStatus(400));

        assertThat(account("1d").sync().failureCodes()).containsOnly("shop.reportTooLarge");
    }
}
