package io.tributary.integrations.declarative;

import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.declarative.Definition.LogIn;
import java.util.HashSet;
import java.util.Set;

/** Logs in. The request that needs the session has not been sent then, so that a failure says that it had no effect. */
record BeginSession(Provider provider, LogIn logIn) {

    /** The credentials that a login has not been refused with otherwise: these statuses say no to them as well. */
    private static final Set<Integer> REFUSED = Set.of(400, 403, 422);

    String token() throws TaskFailure, ExpressionFailure, InterruptedException {
        try {
            return begin();
        } catch (TaskFailure.Transient e) {
            throw e.certainlyWithoutEffect();
        }
    }

    private String begin() throws TaskFailure, ExpressionFailure, InterruptedException {
        Scope scope = provider.scope().with("credentials", provider.credentials());
        HttpRequest to = provider.request(logIn.request(), scope);
        var expected = new HashSet<>(to.expected());
        expected.addAll(REFUSED);
        HttpResponse response = provider.context().http().send(to.expecting(expected.toArray(Integer[]::new)));
        var answer = new ProviderAnswer(to, response, provider.body(response), ProviderAnswer.Meaning.RECORDS);
        try {
            answer = provider.judge().of(answer, logIn.request(), null, scope);
        } catch (TaskFailure.Permanent e) {
            if (REFUSED.contains(response.status())) {
                throw refused("with status " + response.status());
            }
            throw e;
        }
        String token = logIn.token().text(answer.body(), answer.in(scope));
        if (token == null || token.isBlank()) {
            throw refused("by an answer without a token");
        }
        return token.strip();
    }

    private TaskFailure.Unauthorized refused(String how) {
        return new TaskFailure.Unauthorized(
                provider.domain() + ".authFailed",
                "The provider refuses the login " + how + ": connect the account again.",
                null);
    }
}
