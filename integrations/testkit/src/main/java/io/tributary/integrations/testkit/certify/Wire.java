package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.testkit.ScriptedHttpServer;
import io.tributary.integrations.testkit.TcpFaultProxy;

/** How an integration reaches its provider: where faults are injected and requests are counted. */
public sealed interface Wire {

    /** By HTTP. @param server that plays the provider, or the API of it that the integration uses */
    record Http(ScriptedHttpServer server) implements Wire {}

    /** By another protocol over TCP. @param proxy through which the integration connects */
    record Tcp(TcpFaultProxy proxy) implements Wire {}

    /** Not at all. @param reason told for each check that needs a connection */
    record None(String reason) implements Wire {}
}
