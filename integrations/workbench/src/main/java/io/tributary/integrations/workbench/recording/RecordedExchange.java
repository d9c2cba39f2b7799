package io.tributary.integrations.workbench.recording;

import io.tributary.integrations.api.TaskFailure;
import io.tributary.integrations.http.Received;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and what came of it, without secrets.
 *
 * @param url as it was asked for, with its query
 * @param headers of the request, as the integration set them
 * @param body of the request; null: none
 */
record RecordedExchange(String method, String url, Map<String, String> headers, byte @Nullable [] body, Ending ending) {

    /** What came of a request. */
    sealed interface Ending {

        /** An answer, whatever its status. */
        record Answered(Received answer) implements Ending {}

        /** None: the failure of the client. */
        record Broken(Kind kind, String code, String message) implements Ending {

            static Broken of(TaskFailure failure) {
                return new Broken(Kind.of(failure), failure.code(), failure.reason());
            }

            TaskFailure failure() {
                return switch (kind) {
                    case TRANSIENT -> new TaskFailure.Transient(code, message, null);
                    case MISCONFIGURED -> new TaskFailure.Misconfigured(code, message, null);
                    case PERMANENT -> new TaskFailure.Permanent(code, message, null);
                };
            }
        }
    }

    /** The kinds of failures that a client has before there is an answer. */
    enum Kind {
        TRANSIENT,
        MISCONFIGURED,
        PERMANENT;

        static Kind of(TaskFailure failure) {
            return switch (failure) {
                case TaskFailure.Misconfigured _ -> MISCONFIGURED;
                case TaskFailure.Permanent _ -> PERMANENT;
                case TaskFailure.Transient _, TaskFailure.RetryLater _, TaskFailure.Unauthorized _ -> TRANSIENT;
            };
        }
    }

    /** What a request is known by when it is replayed. */
    String key() {
        return key(method, url);
    }

    static String key(String method, String url) {
        return method + " " + url;
    }
}
