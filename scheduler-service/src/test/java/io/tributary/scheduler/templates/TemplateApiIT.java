package io.tributary.scheduler.templates;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.scheduler.testing.Api;
import io.tributary.scheduler.testing.ApiTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TemplateApiIT extends ApiTest {

    private static final String PATH = "/v1/notification-templates";

    private static final String WELCOME = """
        {"name": "welcome", "defaultLocale": "en", "locales": {
          "en": {"subject": "Welcome {{name}}", "html": "<p>{{name}}</p>"},
          "de": {"subject": "Willkommen {{name}}"}}}
        """;

    @Test
    void createsShowsReplacesAndDeletes() {
        String id = ann.post(PATH, WELCOME).expect(201).text("id");

        assertThat(ann.get(PATH + "/" + id)
                        .expect(200)
                        .json()
                        .at("/locales/de/subject")
                        .asString())
                .isEqualTo("Willkommen {{name}}");
        assertThat(put(ann, id, WELCOME.replace("Willkommen", "Hallo"))
                        .expect(200)
                        .json()
                        .at("/locales/de/subject")
                        .asString())
                .isEqualTo("Hallo {{name}}");
        assertThat(ann.get(PATH).expect(200).json().get("items").size()).isEqualTo(1);
        ann.delete(PATH + "/" + id).expect(204);
        ann.get(PATH + "/" + id).expectProblem(404, "api.notFound");
        ann.delete(PATH + "/" + id).expectProblem(404, "api.notFound");
    }

    @Test
    void hasANameOnceForEachOwner() {
        ann.post(PATH, WELCOME).expect(201);
        String other = ann.post(PATH, WELCOME.replace("\"welcome\"", "\"other\""))
                .expect(201)
                .text("id");

        ann.post(PATH, WELCOME).expectProblem(409, "notifications.templateNameTaken");
        put(ann, other, WELCOME).expectProblem(409, "notifications.templateNameTaken");
        scheduler.user("eve-" + UUID.randomUUID()).post(PATH, WELCOME).expect(201);
    }

    @Test
    void showsNobodyTheTemplatesOfOthers() {
        String id = ann.post(PATH, WELCOME).expect(201).text("id");
        Api eve = scheduler.user("eve-" + UUID.randomUUID());

        eve.get(PATH + "/" + id).expectProblem(404, "api.notFound");
        put(eve, id, WELCOME).expectProblem(404, "api.notFound");
        eve.delete(PATH + "/" + id).expectProblem(404, "api.notFound");
        assertThat(eve.get(PATH).expect(200).json().get("items").size()).isZero();
    }

    @Test
    void refusesWhatIsNoTemplate() {
        ann.post(PATH, "{}").expectError("/name");
        ann.post(PATH, "{}").expectError("/locales");
        ann.post(PATH, WELCOME.replace("\"welcome\"", "\"a b\"")).expectError("/name");
        ann.post(PATH, WELCOME.replace("\"en\",", "\"fr\",")).expectError("/defaultLocale");
        ann.post(PATH, WELCOME.replace("\"de\":", "\"german\":")).expectError("/locales/german");
        ann.post(PATH, WELCOME.replace("{\"subject\": \"Willkommen {{name}}\"}", "{}"))
                .expectError("/locales/de");
        ann.post(PATH, WELCOME.replace("Willkommen {{name}}", "Willkommen {{name"))
                .expectError("/locales/de/subject");
        ann.post(PATH, WELCOME.replace("<p>{{name}}</p>", "{{> /etc/passwd}}")).expectError("/locales/en/html");
    }

    private static Api.Answer put(Api api, String id, String body) {
        return api.send(api.request(PATH + "/" + id)
                .header("Content-Type", "application/json")
                .method("PUT", BodyPublishers.ofString(body)));
    }
}
