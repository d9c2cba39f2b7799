package io.tributary.integrations.declarative;

import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.declarative.Template.Fields;
import io.tributary.integrations.declarative.Template.Mixed;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file describes, compiled.
 *
 * @param baseUrl without a slash at its end; an account's {@code config.baseUrl} goes before it
 * @param auth ways to prove who asks; the first whose credentials are there is taken
 * @param http what all requests have in common
 * @param errors asked in their order; the first that matches says what an answer means
 * @param connect how an account is told; null: it is not
 * @param syncTypes by name
 * @param streams by name, which is that of their tasks
 */
record Definition(
        Manifest manifest,
        String baseUrl,
        List<Authentication> auth,
        Settings http,
        List<ErrorRule> errors,
        @Nullable Connect connect,
        Map<String, SyncPlan> syncTypes,
        Map<String, Stream> streams) {

    /** Prefix of the tasks that start a sync type. */
    static final String SYNC = "sync-";

    /** What the codes of failures begin with. */
    String domain() {
        return manifest.domain();
    }

    /** The same with streams that ask for so many records a page at most. */
    Definition withPagesOf(int most) {
        var smaller = new LinkedHashMap<String, Stream>();
        streams.forEach((name, stream) -> smaller.put(name, stream.withPagesOf(most)));
        return new Definition(manifest, baseUrl, auth, http, errors, connect, syncTypes, smaller);
    }

    /**
     * What all requests have in common.
     *
     * @param rateLimitHeaders the provider's name for each of {@code retry-after}, {@code x-ratelimit-remaining} and
     *     {@code x-ratelimit-reset}; those that are missing have their usual name
     */
    record Settings(Fields headers, Duration timeout, long maxBytes, Map<String, String> rateLimitHeaders) {}

    /** How a request proves who asks. */
    sealed interface Authentication {
        /** Sends {@code accessToken} as a bearer token. */
        record Bearer() implements Authentication {}

        /** Sends {@code apiKey} in a header, after a prefix that may be empty. */
        record KeyInHeader(String name, String prefix) implements Authentication {}

        /** Sends {@code apiKey} in the query. */
        record KeyInQuery(String name) implements Authentication {}

        /** Sends {@code username} and {@code password}. */
        record Basic() implements Authentication {}

        /** The credential it cannot do without. */
        default String credential() {
            return switch (this) {
                case Bearer() -> "accessToken";
                case KeyInHeader it -> "apiKey";
                case KeyInQuery it -> "apiKey";
                case Basic() -> "username";
            };
        }
    }

    /** What an answer means. */
    enum FailureKind {
        RETRY_LATER,
        TRANSIENT,
        UNAUTHORIZED,
        MISCONFIGURED,
        PERMANENT
    }

    /**
     * When something is so.
     *
     * @param statuses one of these; empty: any
     * @param when applied to {@code status}, {@code headers} and {@code body} of the answer; null: always
     */
    record Condition(Set<Integer> statuses, @Nullable Expression when) {}

    /**
     * What an answer means.
     *
     * @param code with the domain
     * @param rest how long to wait where the answer does not say so, for {@link FailureKind#RETRY_LATER}
     */
    record ErrorRule(Condition condition, FailureKind failure, String code, String message, Duration rest) {}

    /** How the account is told that a user integration is connected to. */
    record Connect(
            Request request,
            @Nullable Expression id,
            @Nullable Expression displayName,
            Map<String, Expression> settings) {}

    /**
     * What is asked for.
     *
     * @param body JSON to send; null: none
     * @param form whether the body is sent as a form
     * @param missing statuses at which there is nothing, and that is all
     */
    record Request(
            String method,
            Mixed path,
            Fields query,
            Fields headers,
            @Nullable Template body,
            boolean form,
            Set<Integer> missing) {}

    /**
     * Something that is synced on its own.
     *
     * @param streams those it starts
     * @param listsEverything whether its lists name everything there is
     */
    record SyncPlan(List<String> streams, boolean listsEverything) {}

    /**
     * A list at the provider, or a single record.
     *
     * @param name also of its tasks
     * @param isChild whether it is read for each record of another stream
     * @param records where the records are in the body
     * @param conditional whether the first page is asked for only if it has changed
     * @param output what its records become; null: nothing
     * @param listed whether what it shows is noted, for what is gone to be found
     */
    record Stream(
            String name,
            boolean isChild,
            Request request,
            Expression records,
            boolean conditional,
            Pagination pagination,
            Incremental incremental,
            @Nullable OutputMapping output,
            List<Child> children,
            boolean listed) {

        Optional<OutputMapping> mapping() {
            return Optional.ofNullable(output);
        }

        Stream withPagesOf(int most) {
            return new Stream(
                    name,
                    isChild,
                    request,
                    records,
                    conditional,
                    pagination.ofAtMost(most),
                    incremental,
                    output,
                    children,
                    listed);
        }
    }

    /** A stream that is read for each record of another: its name, of which records, and what it is told of them. */
    record Child(String stream, @Nullable Expression when, Map<String, Expression> with) {}
}
