package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import java.util.Map;
import java.util.function.Supplier;

/** A {@link Provider} over HTTP, at {@code baseUrl}, with access tokens that expire, in {@code accessToken}. */
public abstract class TokenProvider implements Provider {

    private final Supplier<Integration> integration;
    private final String firstToken;
    private int renewals;

    /** @param firstToken the server accepts it, or any token, when it starts */
    protected TokenProvider(Supplier<Integration> integration, String firstToken) {
        this.integration = integration;
        this.firstToken = firstToken;
    }

    protected abstract ScriptedHttpServer http();

    /** The server refuses all tokens but this one from now on. */
    protected void acceptOnly(String token) {
        http().acceptOnly(token);
    }

    @Override
    public Integration integration() {
        return integration.get();
    }

    @Override
    public JsonObject config() {
        return JsonObject.of("baseUrl", http().uri().toString());
    }

    @Override
    public Map<String, String> credentials() {
        return Map.of("accessToken", token());
    }

    @Override
    public Wire wire() {
        return new Wire.Http(http());
    }

    @Override
    public void expire() {
        renewals++;
        acceptOnly(token());
    }

    @Override
    public Map<String, String> renewed() {
        return credentials();
    }

    @Override
    public void revoke() {
        acceptOnly("of-nobody");
    }

    @Override
    public void close() {
        http().close();
    }

    private String token() {
        return renewals == 0 ? firstToken : firstToken + renewals;
    }
}
