package io.tributary.integrations.declarative;

import io.tributary.integrations.api.Manifest;
import io.tributary.integrations.declarative.Template.Fields;
import io.tributary.integrations.declarative.Template.Mixed;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file describes, compiled.
 *
 * @param description what it syncs, for people; empty: unknown
 * @param baseUrl without a slash at its end; an account's {@code config.baseUrl} goes before it
 * @param auth ways to prove who asks; the first whose credentials are there is taken
 * @param http what all requests have in common
 * @param errors asked in their order; the first that matches says what an answer means
 * @param connect how an account is identified; null: it is not
 * @param constants what expressions can name although no account has it
 * @param syncTypes by name
 * @param streams by name, which is that of their tasks
 * @param actions by name, which is that of their tasks
 */
record Definition(
        Manifest manifest,
        String description,
        String baseUrl,
        List<Access> auth,
        Settings http,
        List<ErrorRule> errors,
        @Nullable Connect connect,
        Constants constants,
        Map<String, SyncPlan> syncTypes,
        Map<String, Stream> streams,
        Map<String, ActionPlan> actions) {

    /** Prefix of the tasks that start a sync type. */
    static final String SYNC = "sync-";

    /** What the codes of failures begin with. */
    String domain() {
        return manifest.domain();
    }

    /** The same with streams that request at most this number of records a page. */
    Definition withPagesOf(int most) {
        var smaller = new LinkedHashMap<String, Stream>();
        streams.forEach((name, stream) -> smaller.put(name, stream.withPagesOf(most)));
        return new Definition(
                manifest, description, baseUrl, auth, http, errors, connect, constants, syncTypes, smaller, actions);
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
        /** Sends {@code accessToken} in {@code Authorization}, after a scheme such as {@code Bearer}. */
        record Token(String scheme) implements Authentication {}

        /** Sends a key in a header, after a prefix that may be empty. */
        record KeyInHeader(String name, String prefix) implements Authentication {}

        /** Sends a key in the query. */
        record KeyInQuery(String name) implements Authentication {}

        /** Sends a key in the path, behind a prefix such as {@code /bot} and before that of the request. */
        record KeyInPath(String prefix) implements Authentication {}

        /**
         * Sends a name and a password.
         *
         * @param username null: the credential is the name, and {@code password} the password; else the credential is
         *     the password
         */
        record Basic(@Nullable Mixed username) implements Authentication {}

        /** The credential is a URL that is the secret: requests go to it. */
        record SecretUrl() implements Authentication {}

        /** Logs in, and sends the token of the session. */
        record Session(LogIn logIn, Authentication shown) implements Authentication {}
    }

    /**
     * How a session begins. It ends when the provider does not accept its token any more.
     *
     * @param request sent without the token; its templates may name {@code credentials}
     * @param token applied to the body of the answer
     */
    record LogIn(Request request, Expression token) {}

    /**
     * How requests are signed with a secret (HMAC).
     *
     * @param credential the secret
     * @param keyBytes how the bytes of the secret are written
     * @param algorithm of the JDK, such as {@code HmacSHA256}
     * @param text applied to an object of the request: the text that is signed
     * @param signatureBytes how the signature is written
     * @param shown where the signature goes
     * @param timestamp where the time of the request goes; null: nowhere
     * @param timeFormat how it is written
     */
    record Signature(
            String credential,
            Bytes keyBytes,
            String algorithm,
            Expression text,
            Bytes signatureBytes,
            Authentication shown,
            @Nullable Authentication timestamp,
            Incremental.TimeFormat timeFormat) {}

    /** How bytes are written. */
    enum Bytes {
        TEXT,
        HEX,
        BASE64
    }

    /**
     * A way to prove who asks, with the secrets that the provider wants in addition.
     *
     * @param credential the one that it cannot do without
     * @param more by the key of their credential
     * @param signature null: requests are not signed
     */
    record Access(
            Authentication way,
            String credential,
            Map<String, Authentication.KeyInHeader> more,
            @Nullable Signature signature) {}

    /**
     * The version of the provider's API that the requests are written for.
     *
     * @param value as requests send it; an account's {@code config.apiVersion} takes precedence
     * @param sunset the first day on which the provider does not answer it any more; null: not announced
     */
    record ApiVersion(String value, @Nullable LocalDate sunset) {}

    /**
     * What expressions can name although no account has it.
     *
     * @param values texts, numbers and lists by name
     * @param apiVersion null: the provider's API has none
     */
    record Constants(
            Map<String, @Nullable Object> values, @Nullable ApiVersion apiVersion) {}

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
     * @param waitFrom applied to {@code status} and {@code body}: how long to wait or until when, as
     *     {@code Retry-After} says it; null: a header says it
     * @param defaultWait how long to wait where the answer does not say so, for {@link FailureKind#RETRY_LATER}
     * @param withoutEffect whether an action certainly had no effect, for {@link FailureKind#TRANSIENT}
     */
    record ErrorRule(
            Condition condition,
            FailureKind failure,
            String code,
            String message,
            @Nullable Expression waitFrom,
            Duration defaultWait,
            boolean withoutEffect) {}

    /** How the account of a user integration is identified. A refusal for which {@code works} holds proves it. */
    record Connect(
            Request request,
            @Nullable Condition works,
            @Nullable Expression id,
            @Nullable Expression displayName,
            Map<String, Expression> settings) {}

    /**
     * What is asked for.
     *
     * @param url absolute, in place of the path; null: none
     * @param body JSON to send; null: none
     * @param form whether the body is sent as a form
     * @param missing statuses at which there is nothing, and that is all
     */
    record Request(
            String method,
            Mixed path,
            @Nullable Mixed url,
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
     * @param isChild whether it is read for each record of another stream, or of a list
     * @param forEach the list that it is read for each item of; null: it is read once
     * @param records where the records are in the body
     * @param answers how its answers come to be and how they are written
     * @param conditional whether the first page is asked for only if it has changed
     * @param output what its records become; null: nothing
     * @param listed whether what it shows is noted, for what is gone to be found
     */
    record Stream(
            String name,
            boolean isChild,
            @Nullable ForEach forEach,
            Request request,
            Expression records,
            Answers answers,
            boolean conditional,
            Pagination pagination,
            Incremental incremental,
            @Nullable OutputMapping output,
            List<Child> children,
            boolean listed) {

        Optional<OutputMapping> mapping() {
            return Optional.ofNullable(output);
        }

        /** How its answers are written, where they are files; null: JSON in pages. */
        @Nullable
        Format format() {
            return answers.format();
        }

        /** The report that it has made; null: none. */
        @Nullable
        Report report() {
            return answers.report();
        }

        Stream withPagesOf(int most) {
            return new Stream(
                    name,
                    isChild,
                    forEach,
                    request,
                    records,
                    answers.ofAtMost(most),
                    conditional,
                    pagination.ofAtMost(most),
                    incremental,
                    output,
                    children,
                    listed);
        }
    }

    /** Items that a stream is read for, and the values it gets from each of them. */
    record ForEach(Expression items, Map<String, Expression> with) {}

    /**
     * A stream that is read for each record of another: its name, which records, and the values it gets from them.
     *
     * @param always whether it is read for records that are not new as well
     */
    record Child(String stream, @Nullable Expression when, Map<String, Expression> with, boolean always) {}
}
