package io.tributary.integrations.gmail;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and answers that are wrong are found: what else passes says something. */
class GmailDescriptionTest {

    private static final GmailDescription GMAIL = new GmailDescription();

    @Test
    void knowsEveryOperationOfTheClient() {
        assertThat(GMAIL.operations()).isGreaterThan(50);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /gmail/v1/users/me/messages        | maxResults=500&labelIds=A&labelIds=B&q=is%3Aunread
        /gmail/v1/users/me/messages/18c0   | format=raw
        /gmail/v1/users/me/history         | startHistoryId=1000&pageToken=x
        /gmail/v1/users/me/profile         | ''
        """)
    void takesWhatGmailTakes(String path, String query) {
        assertThat(GMAIL.problemsOf(get(path, query))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        GET    | /gmail/v2/users/me/messages | ''                     | Gmail has no GET /gmail/v2/users/me/messages
        DELETE | /gmail/v1/users/me/history  | ''                     | Gmail has no DELETE
        GET    | /gmail/v1/users/me/messages | pageSize=5             | has no parameter pageSize
        GET    | /gmail/v1/users/me/messages | userId=ada             | has no parameter userId
        GET    | /gmail/v1/users/me/messages | maxResults=many        | maxResults is many
        GET    | /gmail/v1/users/me/messages | includeSpamTrash=yes   | includeSpamTrash is yes
        GET    | /gmail/v1/users/me/messages | q=a&q=b                | q is given 2 times
        GET    | /gmail/v1/users/me/history  | startHistoryId=newest  | startHistoryId is newest
        """)
    void refusesWhatGmailDoesNotKnow(String method, String path, String query, String problem) {
        var request = new ReceivedRequest(method, path, query, Map.of(), new byte[0], Map.of());

        assertThat(GMAIL.problemsOf(request))
                .singleElement()
                .satisfies(told -> assertThat(told).contains(problem));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        200 | {"messages": [{"id": "1", "uid": 7}]}       | Message has no uid
        200 | {"messages": {"id": "1"}}                   | it is no ListMessagesResponse
        200 | {"resultSizeEstimate": "many"}              | it is no ListMessagesResponse
        404 | {"message": "not here"}                     | has no message
        """)
    void refusesAnswersThatGmailDoesNotGive(int status, String body, String problem) {
        assertThat(GMAIL.problemsOf(
                        get("/gmail/v1/users/me/messages", ""),
                        ScriptedAnswer.json(body).withStatus(status)))
                .singleElement()
                .satisfies(told -> assertThat(told).contains(problem));
    }

    private static ReceivedRequest get(String path, String query) {
        return new ReceivedRequest("GET", path, query, Map.of(), new byte[0], Map.of());
    }
}
