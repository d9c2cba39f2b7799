package io.tributary.integrations.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests and answers that are wrong are found: what else passes says something. */
class SlackDescriptionTest {

    private static final SlackDescription SLACK = new SlackDescription();

    @Test
    void knowsTheMethodsOfTheWebApi() {
        assertThat(SLACK.methods()).isGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        auth.test             | ''
        conversations.list    | types=public_channel%2Cprivate_channel&exclude_archived=true&limit=200
        conversations.history | channel=C1&oldest=1777636800.000100&inclusive=true
        conversations.replies | channel=C1&ts=1777636800.000100&cursor=dXNlcjo%3D
        """)
    void takesWhatSlackTakes(String method, String query) {
        assertThat(SLACK.problemsOf(get("/api/" + method, query))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        DELETE | /api/auth.test             | ''                         | Slack has no DELETE /api/auth.test
        GET    | /api/conversations.lists   | ''                         | Slack has no GET /api/conversations.lists
        GET    | /conversations.list        | ''                         | Slack has no GET /conversations.list
        GET    | /api/conversations.history | channel=C1&since=1         | there is no argument since
        GET    | /api/conversations.history | channel=C1&token=xoxb-1    | there is no argument token
        GET    | /api/conversations.history | channel=C1&limit=all       | limit is all
        GET    | /api/conversations.history | channel=C1&channel=C2      | channel is given 2 times
        GET    | /api/conversations.list    | exclude_archived=yes       | exclude_archived is yes
        GET    | /api/conversations.list    | types=public_channel,chats | types is public_channel,chats
        """)
    void refusesWhatSlackDoesNotKnow(String method, String path, String query, String problem) {
        var request = new ReceivedRequest(method, path, query, Map.of(), new byte[0], Map.of());

        assertThat(SLACK.problemsOf(request))
                .singleElement()
                .satisfies(told -> assertThat(told).contains(problem));
    }

    @Test
    void looksIntoFormsToo() {
        var request = new ReceivedRequest(
                "POST",
                "/api/conversations.history",
                "",
                Map.of("content-type", "application/x-www-form-urlencoded"),
                "channel=C1&since=1".getBytes(StandardCharsets.UTF_8),
                Map.of());

        assertThat(SLACK.problemsOf(request))
                .singleElement()
                .satisfies(told -> assertThat(told).contains("there is no argument since"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"ok": true, "channels": [{"id": "C1", "joined": true}]}      | has no such /channels/0/joined
        {"ok": true, "channels": [{"id": 1}]}                         | has no such /channels/0/id
        {"ok": true, "channels": {"id": "C1"}}                        | it is no ConversationsListResponse
        {"ok": true, "next_cursor": "dXNlcjo="}                       | has no such /next_cursor
        """)
    void refusesAnswersThatSlackDoesNotGive(String body, String problem) {
        assertThat(SLACK.problemsOf(get("/api/conversations.list", ""), ScriptedAnswer.json(body)))
                .singleElement()
                .satisfies(told -> assertThat(told).contains(problem));
    }

    private static ReceivedRequest get(String path, String query) {
        return new ReceivedRequest("GET", path, query, Map.of(), new byte[0], Map.of());
    }
}
