package io.tributary.integrations.gmail;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.testkit.Fault;
import io.tributary.integrations.testkit.When;
import io.tributary.integrations.testkit.certify.HostileText;
import io.tributary.integrations.testkit.certify.Provider;
import io.tributary.integrations.testkit.certify.QuotaAnswer;
import io.tributary.integrations.testkit.certify.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A {@link GmailServer} for the certification: items are messages in the inbox. */
final class GmailProvider implements Provider {

    private final GmailServer gmail = new GmailServer();
    private int received;
    private int changes;
    private int tokens;

    GmailProvider() {
        gmail.pageBy(3);
    }

    @Override
    public Integration integration() {
        return new GmailIntegration();
    }

    @Override
    public JsonObject config() {
        return JsonObject.of("baseUrl", gmail.url());
    }

    @Override
    public Map<String, String> credentials() {
        return Map.of("accessToken", tokens == 0 ? GmailServer.TOKEN : GmailServer.TOKEN + tokens);
    }

    @Override
    public Wire wire() {
        return new Wire.Http(gmail.http());
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

    @Override
    public void expire() {
        tokens++;
        gmail.http().acceptOnly(GmailServer.TOKEN + tokens);
    }

    @Override
    public Map<String, String> renewed() {
        return credentials();
    }

    @Override
    public void revoke() {
        gmail.http().acceptOnly("of-nobody");
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
    public void close() {
        gmail.close();
    }
}
