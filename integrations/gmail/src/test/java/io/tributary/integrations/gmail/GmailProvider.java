package io.tributary.integrations.gmail;

import io.tributary.integrations.workbench.certify.HostileText;
import io.tributary.integrations.workbench.certify.QuotaAnswer;
import io.tributary.integrations.workbench.certify.TokenProvider;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A {@link GmailServer} for the certification: items are messages in the inbox. */
final class GmailProvider extends TokenProvider {

    private final GmailServer gmail = new GmailServer();
    private int received;
    private int changes;

    GmailProvider() {
        super(GmailIntegration::new, GmailServer.TOKEN);
        gmail.pageBy(3);
    }

    @Override
    public List<String> add(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> receive("From: bo@example.org\r\nSubject: news\r\n\r\nDear Ada\r\n"))
                .toList();
    }

    @Override
    public String addText(String text) {
        String body = new String(HostileText.bytes(text), StandardCharsets.ISO_8859_1);
        return receive("From: bo@example.org\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body);
    }

    private String receive(String source) {
        String id = "18c0ffee" + ++received;
        gmail.receive(id, source, START.plusSeconds(received), List.of("INBOX"));
        return id;
    }

    /** Labels are all that changes of a message. */
    @Override
    public void change(String externalId) {
        gmail.label(externalId, "Label_" + ++changes);
    }

    @Override
    public void delete(String externalId) {
        gmail.delete(externalId);
    }

    /** The history alone. */
    @Override
    public int mostRequestsWhenNothingIsNew() {
        return 1;
    }

    @Override
    public List<QuotaAnswer> quotaAnswers() {
        return List.of(
                quota("rateLimitExceeded", Duration.ofSeconds(10)),
                quota("userRateLimitExceeded", Duration.ofSeconds(10)),
                quota("dailyLimitExceeded", Duration.ofMinutes(15)));
    }

    private QuotaAnswer quota(String reason, Duration wait) {
        return new QuotaAnswer(
                "403 " + reason,
                () -> gmail.http().inject(new Fault.Instead(GmailServer.error(403, reason)), When.request(2)),
                wait);
    }

    @Override
    protected ScriptedHttpServer http() {
        return gmail.http();
    }
}
