package io.tributary.integrations.imap;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.certify.Feature;
import io.tributary.integrations.workbench.certify.HostileText;
import io.tributary.integrations.workbench.certify.Provider;
import io.tributary.integrations.workbench.certify.QuotaAnswer;
import io.tributary.integrations.workbench.certify.Wire;
import io.tributary.integrations.workbench.server.TcpFaultProxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/** A {@link ScriptedImapServer} for the certification, with an access token; items are messages of the inbox. */
final class ImapProvider implements Provider {

    private final ScriptedImapServer server;
    private final TcpFaultProxy proxy;
    private int tokens;

    ImapProvider() {
        try {
            server = ScriptedImapServer.plain()
                    .capabilities("IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR")
                    .accessToken(token());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        proxy = TcpFaultProxy.to(server.port());
    }

    private String token() {
        return ScriptedImapServer.ACCESS_TOKEN + tokens;
    }

    @Override
    public Integration integration() {
        return new ImapIntegration();
    }

    @Override
    public JsonObject config() {
        return JsonObject.of("host", "127.0.0.1").with("port", proxy.port()).with("security", "none");
    }

    @Override
    public Map<String, String> credentials() {
        return Map.of("username", ScriptedImapServer.USER, "accessToken", token());
    }

    @Override
    public Wire wire() {
        return new Wire.Tcp(proxy);
    }

    @Override
    public Optional<String> without(Feature feature) {
        return switch (feature) {
            case CHANGES ->
                Optional.of("a message is never another one under the same UID (RFC 9051, section 2.3.1.1)");
            case CURSORS -> Optional.of("pages are ranges of UIDs");
            default -> Optional.empty();
        };
    }

    @Override
    public List<String> add(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> add("Subject: news\r\n\r\nDear Ada\r\n".getBytes(StandardCharsets.US_ASCII)))
                .toList();
    }

    @Override
    public String addText(String text) {
        String header = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
        return add((header + new String(HostileText.bytes(text), StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    private String add(byte[] source) {
        return "INBOX:" + server.uidValidity() + ":" + server.add(source, START);
    }

    @Override
    public void delete(String externalId) {
        server.expunge(Long.parseLong(externalId.substring(externalId.lastIndexOf(':') + 1)));
    }

    @Override
    public void expire() {
        tokens++;
        server.accessToken(token());
    }

    @Override
    public Map<String, String> renewed() {
        return credentials();
    }

    @Override
    public void revoke() {
        server.accessToken("of nobody");
    }

    /** More than the 50 messages of a batch; a page has a thousand. */
    @Override
    public int itemsOfThreePages() {
        return 120;
    }

    /** EXAMINE, on the connection that is kept. */
    @Override
    public int mostRequestsWhenNothingIsNew() {
        return 1;
    }

    @Override
    public List<QuotaAnswer> quotaAnswers() {
        return List.of(
                answer("NO [LIMIT] to EXAMINE", "NO [LIMIT] enough", Duration.ofMinutes(15)),
                answer("NO [INUSE] to EXAMINE", "NO [INUSE] later", Duration.ofMinutes(1)));
    }

    private QuotaAnswer answer(String name, String answer, Duration wait) {
        var given = new AtomicBoolean();
        return new QuotaAnswer(
                name,
                () -> server.script((command, session) -> {
                    if (!command.startsWith("EXAMINE") || given.getAndSet(true)) {
                        return false;
                    }
                    session.tagged(answer);
                    return true;
                }),
                wait);
    }

    @Override
    public void close() {
        proxy.close();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
