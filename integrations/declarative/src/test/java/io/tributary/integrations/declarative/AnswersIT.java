package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.integrations.api.Account;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.api.Listing;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.api.Quota;
import io.tributary.integrations.api.Task;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.api.TaskResult;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import io.tributary.integrations.workbench.LocalContext;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.When;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersIT {

    private static final String ITEMS = "request: {path: /items}\n";

    private static final String ERRORS = """
        http: {rateLimitHeaders: {retryAfter: X-Come-Back, remaining: X-Left, reset: X-Until}}
        errors:
          - {when: "body.error = 'slow_down'", failure: retryLater, wait: 40s, message: Wait.}
          - {when: "body.error = 'logged_out'", failure: unauthorized, code: loggedOut, message: Log in.}
          - {status: [409, 5xx], when: "$header('X-Why') = 'moved'", failure: misconfigured, message: Change baseUrl.}
          - {status: 402, failure: permanent, code: unpaid, message: Pay.}
          - {status: 418, failure: transient, message: Try again.}
        streams:
        """;

    private final Shop shop = new Shop().stock(1, 3);

    @AfterEach
    void stop() {
        shop.close();
    }

    private ConnectedAccount account(String top) {
        shop.http.get("/items", request -> Shop.page(shop.items));
        return shop.accountOf(Shop.file(ITEMS).replace("streams:\n", top));
    }

    private void answer(ScriptedAnswer answer) {
        shop.http.inject(new Fault.Instead(answer), When.always());
    }

    @ParameterizedTest
    @CsvSource({
        "200,logged_out,-,shop.loggedOut",
        "402,x,-,shop.unpaid",
        "418,x,-,shop.providerFailed",
        "409,x,moved,shop.misconfigured",
        "503,x,moved,shop.misconfigured",
        "409,x,-,shop.requestRefused",
        "503,x,-,shop.providerFailed",
        "401,x,-,shop.authFailed",
        "404,x,-,shop.requestRefused"
    })
    void saysWhatAnAnswerMeans(int status, String error, String why, String code) throws InterruptedException {
        ConnectedAccount account = account(ERRORS);
        answer(ScriptedAnswer.json("error", error).withStatus(status).header("X-Why", why));

        assertThat(account.sync().failureCodes()).containsExactly(code);
    }

    @Test
    void waitsForAnErrorInsideAnAnswerOfStatus200() throws InterruptedException {
        ConnectedAccount account = account(ERRORS);
        shop.http.inject(new Fault.Instead(ScriptedAnswer.json("error", "slow_down")), When.next());

        InMemoryRun run = account.sync();

        assertThat(run.outputs()).hasSize(3);
        assertThat(run.waits()).containsExactly(Duration.ofSeconds(40));
    }

    @Test
    void waitsAsLongAsTheProvidersOwnHeadersSay() throws InterruptedException {
        ConnectedAccount account = account(ERRORS);
        shop.http.inject(new Fault.Instead(ScriptedAnswer.status(429).header("X-Come-Back", "17")), When.request(1));
        shop.http.inject(
                new Fault.Instead(
                        ScriptedAnswer.status(403).header("X-Left", "0").header("X-Until", "23")),
                When.request(2));

        assertThat(account.sync().waits()).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(23));
        assertThat(((LocalContext) account.context()).quotas()).containsExactly(new Quota(0, shop.clock.instant()));
    }

    @Test
    void waitsAsUsualWhereTheFileSaysNothing() throws InterruptedException {
        ConnectedAccount account = account("streams:\n");
        shop.http.inject(Fault.rateLimited(Duration.ofSeconds(7)), When.next());

        assertThat(account.sync().waits()).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void triesAgainWhenAProxyAnswers() throws InterruptedException {
        ConnectedAccount account = account("streams:\n");
        shop.http.inject(Fault.html(), When.next());

        InMemoryRun run = account.sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.outputs()).hasSize(3);
    }

    @Test
    void failsWhenTheRecordsAreNotWhereTheyWere() throws InterruptedException {
        ConnectedAccount account = account("streams:\n");
        answer(ScriptedAnswer.json("itms", List.of()));

        InMemoryRun run = account.sync();

        assertThat(run.failureCodes()).containsExactly("shop.expressionFailed");
        assertThat(run.failures().getFirst().reason()).contains("streams.items.records (line 7)");
    }

    @Test
    void takesNoAnswerForNoRecords() throws InterruptedException {
        ConnectedAccount account = account("streams:\n");
        answer(ScriptedAnswer.status(204));

        assertThat(account.sync().succeeded()).isTrue();
    }

    @Test
    void failsOnARecordWithoutItsIdAndQuotesNothingOfIt() throws InterruptedException {
        ConnectedAccount account = account("streams:\n");
        answer(ScriptedAnswer.json("items", List.of(Map.of("name", "personal"))));

        TaskFailure failure = account.sync().failures().getFirst();

        assertThat(failure.code()).isEqualTo("shop.expressionFailed");
        assertThat(failure.reason()).contains("streams.items.output.id").doesNotContain("personal");
    }

    @Test
    void readsASubResourceOfEachRecordAndPassesOverWhatIsGone() throws InterruptedException {
        shop.http.get("/items", request -> Shop.page(shop.items));
        shop.http.get("/items/{id}", request -> ScriptedAnswer.json("text", "about " + request.variable("id")));
        shop.http.inject(Fault.status(404), When.next().at("/items/2"));
        String yaml = Shop.HEAD + """
              items:
                request: {path: /items}
                records: items
                children:
                  - {stream: details, when: id != 3, with: {id: id, changed: changed}}
              details:
                request: {path: "/items/${parent.id}", missing: [404]}
                output:
                  id: $string($parent.id)
                  timestamp: $parent.changed
                  content: text
            """;

        InMemoryRun run = shop.accountOf(yaml).sync();

        assertThat(run.succeeded()).isTrue();
        assertThat(run.tasks("details")).hasSize(2);
        assertThat(run.outputs())
                .containsExactly(Output.content("1", "", "about 1").at(Shop.NOON.plusSeconds(1)));
    }

    @Test
    void listsEverythingSoThatWhatIsGoneIsFound() throws TaskFailure, InterruptedException {
        shop.http.get("/items", request -> Shop.page(shop.items));
        DeclarativeIntegration integration = Shop.parse(Shop.file(ITEMS)
                .replace("streams:\n", "syncTypes: {all: {streams: [items], listsEverything: true}}\nstreams:\n"));
        var context = LocalContext.empty().withConfig("baseUrl", shop.http.uri().toString());

        TaskResult start = integration.run(new Task("sync-all", JsonObject.EMPTY, 1), context);
        TaskResult page = integration.run(new Task("items", JsonObject.EMPTY, 1), context);

        assertThat(start.listing()).isEqualTo(Listing.ofEverything(List.of()));
        assertThat(page.listing()).isEqualTo(Listing.of(List.of("1", "2", "3")));
    }

    @Test
    void saysWhatWasDeletedAndWhatHappened() throws InterruptedException {
        shop.items.getFirst().put("gone", true);
        shop.http.get("/items", request -> Shop.page(shop.items));
        String yaml = Shop.file(ITEMS)
                .replace(
                        "id: id",
                        "id: id\n      kind: activity\n      deletedWhen: gone\n      metadata: {n: name, x: nope}");

        assertThat(shop.accountOf(yaml).sync().outputs().subList(0, 2))
                .containsExactly(
                        Output.deletion("1"),
                        Output.of(Output.Kind.ACTIVITY, "2", "item 2", null)
                                .at(Shop.NOON.plusSeconds(2))
                                .withMetadata(JsonObject.of("n", "item 2")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {type: bearer}                                       | accessToken | Authorization | Bearer s3
        {type: apiKey, header: X-Key}                        | apiKey      | X-Key         | s3
        {type: apiKey, header: Authorization, prefix: "Key "}| apiKey      | Authorization | Key s3
        {type: basic}                                        | username    | Authorization | Basic czM6
        [{type: bearer}, {type: apiKey, header: X-Key}]      | apiKey      | X-Key         | s3
        """)
    void provesWhoAsks(String auth, String credential, String header, String value) throws InterruptedException {
        ConnectedAccount account = account("auth: " + auth + "\nstreams:\n").credentials(Map.of(credential, "s3"));

        assertThat(account.sync().outputs()).hasSize(3);
        assertThat(shop.http.requests().getFirst().header(header)).contains(value);
    }

    @Test
    void asksToConnectWhenTheCredentialsAreMissing() throws InterruptedException {
        assertThat(account("auth: {type: bearer}\nstreams:\n").sync().failureCodes())
                .containsExactly("polling.credentialsMissing");
    }

    @Test
    void tellsWhoseAccountItIs() throws TaskFailure, InterruptedException {
        shop.http.get("/me", request -> ScriptedAnswer.json("user", Map.of("id", 9007199254740993L, "login", "ada")));
        ConnectedAccount account = account("""
            connect:
              request: {path: /me}
              id: $string(user.id)
              displayName: user.login
              settings: {owner: user.login}
            streams:
            """);

        assertThat(account.identify()).isEqualTo(new Account("9007199254740993", "ada", JsonObject.of("owner", "ada")));
        shop.http.inject(Fault.unauthorized(), When.next().times(2));
        assertThatThrownBy(account::identify).isInstanceOf(TaskFailure.Unauthorized.class);
    }

    @Test
    void seesFromTheFirstPageThatAnAccountWorksWhereTheFileDoesNotSayWhomToAsk()
            throws TaskFailure, InterruptedException {
        ConnectedAccount account = account("streams:\n");

        assertThat(account.identify()).isEqualTo(Account.UNKNOWN);
        shop.http.inject(Fault.unauthorized(), When.next().times(2));
        assertThatThrownBy(account::identify).isInstanceOf(TaskFailure.Unauthorized.class);
    }

    @Test
    void fillsTemplatesWithEverythingEncoded() throws InterruptedException {
        shop.http.post("/shops/{a}/{b}/find", request -> {
            assertThat(request.header("X-Shop")).contains("a/b c");
            assertThat(request.queryAll("tag")).containsExactly("x&y", "z");
            assertThat(request.query("none")).isEmpty();
            assertThat(request.form("q")).contains("ä=1");
            return Shop.page(shop.items);
        });
        ConnectedAccount account = shop.account("""
            request:
              method: POST
              path: /shops/${config.shop}/find
              query: {tag: "${config.tags}", none: "${config.none}"}
              headers: {X-Shop: "${config.shop}"}
              form: {q: "${'ä' & '=' & 1}"}
            """);

        InMemoryRun run = account.config("shop", "a/b c")
                .config("tags", List.of("x&y", "z"))
                .sync();

        assertThat(run.failures()).isEmpty();
        assertThat(run.outputs()).hasSize(3);
    }

    @Test
    void refusesAnAddressThatIsNone() throws InterruptedException {
        assertThat(account("streams:\n").config("baseUrl", "http://a b").sync().failureCodes())
                .containsExactly("shop.badAddress");
    }
}
