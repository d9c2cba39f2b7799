package io.tributary.integrations.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and answers that are wrong are found: what else passes says something. */
class OpenApiTest {

    private static final OpenApi GITHUB = GithubDescription.api();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /user                        | ''
        /notifications               | all=true&per_page=50&since=2026-05-01T12:00:00Z&page=2
        /users/ada/events            | per_page=100
        /repos/engine/works/issues/7 | ''
        """)
    void takesWhatGithubTakes(String path, String query) {
        assertThat(GITHUB.problemsOf(request("GET", path, query))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET  | /notification                  | ''                    | there is no GET /notification
        POST | /user                          | ''                    | there is no POST /user
        GET  | /notifications                 | until=2026            | there is no parameter until
        GET  | /user                          | username=ada          | there is no parameter username
        GET  | /notifications                 | since=yesterday       | since:
        GET  | /notifications                 | all=yes               | all:
        GET  | /notifications                 | per_page=many         | per_page:
        GET  | /notifications                 | page=1&page=2         | page is given 2 times
        GET  | /repos/engine/works/issues/new | ''                    | issue_number:
        """)
    void refusesWhatGithubDoesNotKnow(String method, String path, String query, String problem) {
        assertThat(GITHUB.problemsOf(request(method, path, query)))
                .singleElement()
                .satisfies(told -> assertThat(told).contains(problem));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 | {"login": "ada"}                              | id
        200 | {"id": "1815", "login": "ada"}                | integer
        200 | {"id": 1815, "login": "ada", "nick": "a"}     | nick
        201 | {"id": 1815, "login": "ada"}                  | there is no answer 201
        200 | {"id": 1815,                                  | it is no JSON
        """)
    void refusesAnswersThatGithubDoesNotGive(int status, String body, String problem) {
        assertThat(GITHUB.problemsOf(
                        request("GET", "/user", ""), ScriptedAnswer.json(body).withStatus(status)))
                .singleElement()
                .satisfies(told -> assertThat(told).contains(problem));
    }

    private static ReceivedRequest request(String method, String path, String query) {
        return new ReceivedRequest(method, path, query, Map.of(), new byte[0], Map.of());
    }
}
