package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.TcpFaultProxy;

/** How an integration reaches its provider: where faults are injected and requests are counted. */
public sealed interface Wire {

    /** By HTTP. @param server that plays the provider, or the API of it that the integration uses */
    record Http(ScriptedHttpServer server) implements Wire {}

    /** By another protocol over TCP. @param proxy through which the integration connects */
    record Tcp(TcpFaultProxy proxy) implements Wire {}

    /** Not at all. @param reason reported for each check that needs a connection */
    record None(String reason) implements Wire {}
}
