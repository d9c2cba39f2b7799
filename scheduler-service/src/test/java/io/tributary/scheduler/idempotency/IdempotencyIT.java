package io.tributary.scheduler.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyIT extends ApiTest {

    private static final String PATH = "/v1/user-integrations";
    private static final String HELLO = "{\"integrationDomain\": \"hello\"}";

    private final String key = UUID.randomUUID().toString();

    @Test
    void servesARequestOnceAndAnswersItAgain() {
        var first = post(ann, PATH, HELLO, key).expect(201);

        var second = post(ann, PATH, HELLO, key).expect(201);

        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.response().headers().firstValue("Location"))
                .isEqualTo(first.response().headers().firstValue("Location"));
        assertThat(second.response().headers().firstValue("Idempotency-Replayed"))
                .hasValue("true");
        assertThat(accounts(ann)).isEqualTo(1);
    }

    @Test
    void storesNoSecretInClear() {
        String webhook = "{\"url\": \"https://receiver.example/hook\"}";
        var first = post(ann, "/v1/webhooks", webhook, key).expect(201);

        String secret = first.text("secret");
        assertThat(secret).isNotBlank();
        assertThat(scheduler
                        .database()
                        .jdbc()
                        .sql("select encode(sealed_body, 'escape') || coalesce(encode(body, 'escape'), '')"
                                + " from idempotency_key where key = :key")
                        .param("key", key)
                        .query(String.class)
                        .single())
                .doesNotContain(secret);
        assertThat(post(ann, "/v1/webhooks", webhook, key).expect(201).body()).isEqualTo(first.body());
    }

    @Test
    void answersWithAResponseThatAnOlderVersionStoredInClear() {
        post(ann, PATH, HELLO, key).expect(201);

        age("sealed_body = null, body = convert_to('{\"of\": \"before\"}', 'UTF8')");

        assertThat(post(ann, PATH, HELLO, key).expect(201).text("of")).isEqualTo("before");
    }

    @Test
    void answersWithoutTheBodyWhenItsKeyIsLost() {
        post(ann, PATH, HELLO, key).expect(201);

        age("sealed_body = '\\x00'");

        assertThat(post(ann, PATH, HELLO, key).expect(201).body()).isEmpty();
    }

    @Test
    void answersARefusalAgainToo() {
        post(ann, PATH, "{}", key).expectProblem(400, "api.invalidRequest");

        post(ann, PATH, "{}", key).expectProblem(400, "api.invalidRequest");
    }

    @Test
    void refusesAnotherRequestWithTheSameKey() {
        post(ann, PATH, HELLO, key).expect(201);

        post(ann, PATH, "{\"integrationDomain\": \"cloud\"}", key).expectProblem(422, "api.idempotencyKeyReused");
        post(ann, PATH + "?x=y", HELLO, key).expectProblem(422, "api.idempotencyKeyReused");
        assertThat(accounts(ann)).isEqualTo(1);
    }

    @Test
    void tellsTheKeysOfOneCallerFromThoseOfAnother() {
        var eve = scheduler.user("eve-" + UUID.randomUUID());
        post(ann, PATH, HELLO, key).expect(201);

        post(eve, PATH, HELLO, key).expect(201);

        assertThat(accounts(eve)).isEqualTo(1);
    }

    @Test
    void servesOneOfManyAtOnce() throws Exception {
        var asks = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 8; i++) {
            asks.add(() -> post(ann, PATH, HELLO, key).status());
        }
        try (var threads = Executors.newCachedThreadPool()) {
            assertThat(threads.invokeAll(asks).stream().map(Future::resultNow))
                    .contains(201)
                    .isSubsetOf(201, 409);
        }

        assertThat(accounts(ann)).isEqualTo(1);
    }

    @Test
    void refusesWhileTheFirstIsUnderWayUntilItIsAbandoned() {
        post(ann, PATH, HELLO, key).expect(201);
        age("status = null, body = null, created_at = now()");
        post(ann, PATH, HELLO, key).expectProblem(409, "api.idempotencyKeyInUse");

        age("created_at = now() - interval '6 minutes'");

        post(ann, PATH, HELLO, key).expect(201);
        assertThat(accounts(ann)).isEqualTo(2);
    }

    @Test
    void forgetsAKeyAfterADay() {
        post(ann, PATH, HELLO, key).expect(201);

        age("created_at = now() - interval '25 hours'");

        post(ann, PATH, "{\"integrationDomain\": \"cloud\", \"credentials\": {\"apiKey\": \"k\"}}", key)
                .expect(201);
        age("created_at = now() - interval '25 hours'");
        scheduler.maintain("purgeIdempotencyKeys");
        assertThat(scheduler
                        .database()
                        .jdbc()
                        .sql("select count(*) from idempotency_key where key = :key")
                        .param("key", key)
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "a b"})
    void refusesKeysThatAreNone(String bad) {
        post(ann, PATH, HELLO, bad).expectError("Idempotency-Key");
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        post(ann, PATH, HELLO, "k".repeat(256)).expectError("Idempotency-Key");
    }

    @Test
    void needsAToken() {
        post(scheduler.nobody(), PATH, HELLO, key).expectProblem(401, "api.unauthenticated");
    }

    private static Api.Answer post(Api api, String path, String body, String key) {
        return api.send(api.request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body)));
    }

    private static int accounts(Api api) {
        return api.get(PATH).expect(200).json().get("items").size();
    }

    private void age(String columns) {
        scheduler
                .database()
                .jdbc()
                .sql("update idempotency_key set " + columns + " where key = :key")
                .param("key", key)
                .update();
    }
}
