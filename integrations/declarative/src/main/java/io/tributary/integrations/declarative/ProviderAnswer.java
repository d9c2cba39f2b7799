package io.tributary.integrations.declarative;

import com.dashjoin.jsonata.Jsonata;
import io.tributary.integrations.api.HttpRequest;
import io.tributary.integrations.api.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer of the provider that is no failure, with its meaning.
 *
 * @param body JSON, a text, or null when there is none
 */
record ProviderAnswer(
        HttpRequest request,
        HttpResponse response,
        @Nullable Object body,
        Meaning meaning) {

    /** What the answer means. */
    enum Meaning {
        /** Here are records. */
        RECORDS,
        /** There is nothing of that name, which is well. */
        MISSING,
        /** It is as it was (304). */
        UNCHANGED,
        /**
         * The caller has a name for it: the stored cursor is too old, or the account that is connected works although
         * the provider refuses the request.
         */
        SPECIAL
    }

    /**
     * The scope with the function {@code $header(name)}: the first value of a header, undefined when it is not there.
     */
    Scope in(Scope scope) {
        return scope.with("header", (Jsonata.Fn1<Object, @Nullable Object>)
                name -> response.header(String.valueOf(name)).orElse(null));
    }

    ProviderAnswer with(@Nullable Object body) {
        return new ProviderAnswer(request, response, body, meaning);
    }

    ProviderAnswer as(Meaning meaning) {
        return new ProviderAnswer(request, response, body, meaning);
    }
}
