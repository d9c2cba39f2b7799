package io.tributary.integrations.workbench.server;

import java.util.List;

/**
 * What a provider publishes about its API. A {@link ScriptedHttpServer} is held against it: every request that reaches
 * it, and every answer of its handlers.
 *
 * <p>Called on several threads.
 */
public interface PublishedApi {

    /** What the provider would not understand of a request, a sentence each; empty: nothing. */
    List<String> problemsOf(ReceivedRequest request);

    /**
     * What the provider would not answer like this, a sentence each; empty: nothing.
     *
     * @param request which is answered, and may have problems itself
     */
    List<String> problemsOf(ReceivedRequest request, ScriptedAnswer answer);
}
