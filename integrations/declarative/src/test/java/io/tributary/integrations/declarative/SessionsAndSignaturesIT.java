package io.tributary.integrations.declarative;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that a login begins, and requests that are signed. */
class SessionsAndSignaturesIT {

    private static final Map<String, String> ADA = Map.of("username", "ada", "password", "pass/w0rd");

    private final Shop shop = new Shop().stock(1, 6);
    private final AtomicInteger logins = new AtomicInteger();

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void logsInOnceAndOnceMoreWhenTheSessionEnds() throws Exception {
        openLogin();
        shop.http.get(
                "/items",
                request -> request.header("X-Session").equals(Optional.of("token" + logins.get()))
                        ? Shop.page(shop.part((number(request) - 1) * 3, 3))
                        : ScriptedAnswer.status(401));
        ConnectedAccount account = session("header: X-Session").credentials(ADA);

        assertThat(account.sync().outputs()).hasSize(6);
        assertThat(account.sync().succeeded()).isTrue();
        assertThat(logins).hasValue(1);

        logins.incrementAndGet(); // Somebody else logged in: the provider has forgotten the session.

        assertThat(account.sync().succeeded()).isTrue();
        assertThat(logins).hasValue(3);
    }

    @Test
    void endsWhenANewSessionIsRefusedAsWell() throws Exception {
        openLogin();
        shop.http.get("/items", request -> ScriptedAnswer.status(401));

        var run = session("header: X-Session").credentials(ADA).sync();

        assertThat(run.failures()).hasSize(1).first().isInstanceOf(TaskFailure.Unauthorized.class);
        assertThat(logins).hasValue(2);
    }

    @Test
    void logsInAnewWithOtherCredentials() throws Exception {
        openLogin();
        shop.http.get("/items", request -> Shop.page(shop.part(0, 2)));
        ConnectedAccount account = session("query: sid").credentials(ADA);
        account.sync();

        var refused = account.credentials(Map.of("username", "ada", "password", "wrong"))
                .sync();

        assertThat(shop.asked()).contains("GET /items?page=1&sid=token1");
        assertThat(refused.failures()).first().isInstanceOfSatisfying(TaskFailure.Unauthorized.class, failure -> {
            assertThat(failure.code()).isEqualTo("shop.authFailed");
            assertThat(failure.reason()).contains("status 403").doesNotContain("wrong");
        });
    }

    @Test
    void takesATokenFromACookieAndLeavesItOutOfNextUrls() throws Exception {
        shop.http.post("/login", request -> ScriptedAnswer.json("{}").header("Set-Cookie", "sid=c00kie; HttpOnly"));
        shop.http.get(
                "/items",
                request -> request.header("Cookie").equals(Optional.of("sid=c00kie"))
                        ? ScriptedAnswer.json("items", shop.part((number(request) - 1) * 3, 3))
                        : ScriptedAnswer.status(403));

        var run = shop.accountOf(Shop.file("""
                request: {path: /items}
                pagination: {type: page, parameter: page, size: 3, recheck: false}
                """).replace("streams:", """
                            auth:
                              type: session
                              header: Cookie
                              login:
                                request: {method: POST, path: /login, form: {u: "${credentials.username}"}}
                                token: "$substringBefore($header('Set-Cookie'), ';')"
                            streams:"""))
                .credentials(ADA)
                .sync();

        assertThat(run.outputs()).hasSize(6);
        assertThat(shop.http.requests("/login").getFirst().form("u")).contains("ada");
    }

    @Test
    void signsTheWholeRequest() throws Exception {
        shop.http.post("/items", request -> Shop.page(shop.part(0, 2)));

        var run = signed("""
                more: [{credential: partnerId, header: X-Partner}]
                sign:
                  credential: apiSecret
                  text: "method & '\\n' & path & '\\n' & query & '\\n' & bodyHash & '\\n' & timestamp"
                  header: X-Signature
                  prefix: "sha256="
                  timestamp: {header: X-Timestamp}
                """, "request: {method: POST, path: /items, query: {a: 1}, body: {b: 2}}")
                .credentials(Map.of("apiKey", "key", "apiSecret", "s3cret", "partnerId", "p1"))
                .sync();

        assertThat(run.outputs()).hasSize(2);
        ReceivedRequest request = shop.http.requests().getFirst();
        String time = request.header("X-Timestamp").orElseThrow();
        assertThat(time).isEqualTo(String.valueOf(shop.clock.instant().getEpochSecond()));
        assertThat(request.header("X-Partner")).contains("p1");
        assertThat(request.header("X-Signature"))
                .contains("sha256="
                        + HexFormat.of()
                                .formatHex(hmac(
                                        "HmacSHA256",
                                        "s3cret".getBytes(),
                                        "POST\n/items\na=1\n" + Values.hash("{\"b\":2}") + "\n" + time)));
    }

    @Test
    void signsEachPageInTheQueryWithAKeyInBase64() throws Exception {
        shop.http.get("/items", request -> Shop.page(shop.part((number(request) - 1) * 3, 3)));
        byte[] key = {1, 2, 3, (byte) 200};

        var run = signed("""
                sign:
                  credential: apiSecret
                  keyEncoding: base64
                  algorithm: sha512
                  encoding: base64
                  text: "path & '?' & sortedQuery"
                  query: sig
                  timestamp: {query: ts, format: millis}
                """, """
                request: {path: /items}
                pagination: {type: page, parameter: page, size: 3, recheck: false}
                """)
                .credentials(
                        Map.of("apiKey", "key", "apiSecret", Base64.getEncoder().encodeToString(key)))
                .sync();

        assertThat(run.outputs()).hasSize(6);
        for (ReceivedRequest request : shop.http.requests()) {
            String text = "/items?page=" + number(request) + "&ts=" + shop.clock.millis();
            assertThat(request.query("sig"))
                    .contains(Base64.getEncoder().encodeToString(hmac("HmacSHA512", key, text)));
        }
    }

    @Test
    void saysThatASecretIsNotWrittenAsTheProviderGivesIt() throws Exception {
        var run = signed(
                        "sign: {credential: apiSecret, keyEncoding: base64, text: path, header: X-Signature}",
                        "request: {path: /items}")
                .credentials(Map.of("apiKey", "key", "apiSecret", "!n0base64!"))
                .sync();

        assertThat(run.failures())
                .first()
                .isInstanceOfSatisfying(
                        TaskFailure.Unauthorized.class,
                        failure -> assertThat(failure.reason()).doesNotContain("n0base64"));
        assertThat(shop.asked()).isEmpty();
    }

    @Test
    void asksTheAccountForTheCredentialsOfEachWay() {
        String head = Shop.file("request: {path: /items}");

        assertThat(Shop.parse(
                                head.replace(
                                        "streams:",
                                        "auth: {type: apiKey, header: K, sign: {credential: s, text: path, query: q}}\nstreams:"))
                        .manifest()
                        .configSchema())
                .contains("\"x-credentials\":[[\"apiKey\",\"s\"]]");
        assertThat(Shop.parse(head.replace("streams:", """
                                auth:
                                  type: session
                                  credentials: [tenant, pin]
                                  login: {request: {path: /login}, token: t}
                                streams:""")).manifest().configSchema())
                .contains("\"x-credentials\":[[\"tenant\",\"pin\"]]");
    }

    private void openLogin() {
        shop.http.post(
                "/login",
                request -> request.json().text("password").equals(Optional.of("pass/w0rd"))
                        ? ScriptedAnswer.json("token", "token" + logins.incrementAndGet())
                        : ScriptedAnswer.status(403));
    }

    private ConnectedAccount session(String shown) {
        return shop.accountOf(Shop.file("""
                request: {path: /items}
                pagination: {type: page, parameter: page, size: 3, recheck: false}
                """).replace("streams:", """
                    auth:
                      type: session
                      %s
                      login:
                        request:
                          method: POST
                          path: /login
                          body: {username: "${credentials.username}", password: "${credentials.password}"}
                        token: token
                    streams:""".formatted(shown)));
    }

    private ConnectedAccount signed(String sign, String stream) {
        return shop.accountOf(Shop.file(stream)
                .replace("streams:", "auth:\n  type: apiKey\n  header: X-Key\n" + sign.indent(2) + "streams:"));
    }

    private static int number(ReceivedRequest request) {
        return request.query("page").map(Integer::parseInt).orElse(1);
    }

    private static byte[] hmac(String algorithm, byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(text.getBytes());
    }
}
