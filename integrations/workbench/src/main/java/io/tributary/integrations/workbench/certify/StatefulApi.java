package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.certify.ApiDescription.Answer;
import io.tributary.integrations.workbench.certify.ApiDescription.AuthStyle;
import io.tributary.integrations.workbench.certify.ApiDescription.Collection;
import io.tributary.integrations.workbench.server.Fault;
import io.tributary.integrations.workbench.server.ReceivedRequest;
import io.tributary.integrations.workbench.server.ScriptedAnswer;
import io.tributary.integrations.workbench.server.ScriptedHttpServer;
import io.tributary.integrations.workbench.server.When;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON API over HTTP that behaves as an {@link ApiDescription} says: its lists page and filter, its items change and
 * go, its tokens expire. What it gets wrong on the way is injected at {@link #server}. Thread safe.
 */
public final class StatefulApi implements AutoCloseable {

    private static final ScriptedAnswer NO_SUCH_ITEM =
            ScriptedAnswer.json("error", "there is no such item").withStatus(404);

    private final ApiDescription description;
    private final ScriptedHttpServer server = ScriptedHttpServer.start();
    private final ApiItems items;
    private final ApiAccess access;

    private StatefulApi(ApiDescription description) {
        this.description = description;
        this.items = new ApiItems(description.collections());
        this.access = new ApiAccess(description.auth());
    }

    /** An API without items, on a free port of the loopback address. */
    public static StatefulApi start(ApiDescription description) {
        var api = new StatefulApi(description);
        description.collections().forEach(api::open);
        if (description.auth().style() == AuthStyle.SESSION) {
            api.server.post(description.auth().login(), api::logIn);
        }
        if (description.connect() != null) {
            var answer = new JsonObject(description.connect().answer());
            api.server.get(
                    api.access.pathOf(description.connect().path()),
                    request -> api.checked(request, () -> ScriptedAnswer.json(answer)));
        }
        return api;
    }

    private synchronized ScriptedAnswer logIn(ReceivedRequest request) {
        return access.logIn(request);
    }

    private void open(Collection collection) {
        server.on(
                collection.method(),
                access.pathOf(collection.path()),
                request -> checked(request, () -> list(collection, request)));
        if (collection.detail() != null) {
            server.get(
                    access.pathOf(collection.detail()),
                    request -> checked(request, () -> detail(collection, request.variable("id"))));
        }
    }

    /** The server, to inject faults and to see what was asked. */
    public ScriptedHttpServer server() {
        return server;
    }

    /** Where it is. */
    public String url() {
        return server.uri().toString();
    }

    /** The credentials that are accepted now. */
    public synchronized Map<String, String> credentials() {
        return access.credentials();
    }

    /** From now on refuses those credentials; {@link #credentials} has others. */
    public synchronized void renewCredentials() {
        access.renew();
    }

    /** From now on refuses all credentials. */
    public synchronized void revoke() {
        access.revoke();
    }

    /** Adds items, to the collections in turn; returns their external ids. */
    public synchronized List<String> add(int count) {
        var ids = new ArrayList<String>();
        for (int i = 0; i < count; i++) {
            ids.add(items.add("Item " + (items.added() + 1)));
        }
        return ids;
    }

    /** Adds an item with a text; returns its external id. */
    public synchronized String add(String text) {
        return items.add(text);
    }

    /** Changes an item: its version, and when it was updated. */
    public synchronized void change(String externalId) {
        items.change(externalId);
    }

    /** Deletes an item, in the way that its collection deletes. */
    public synchronized void delete(String externalId) {
        items.delete(externalId);
    }

    /** See {@link Provider#mayComeAgain}. */
    synchronized Set<String> mayComeAgain() {
        return items.takeAgain();
    }

    /** Gives an answer once, at the next request, instead of what it would answer. */
    public void answerOnce(Answer answer) {
        server.inject(new Fault.Instead(scripted(answer)), When.next());
    }

    private static ScriptedAnswer scripted(Answer answer) {
        ScriptedAnswer scripted = ScriptedAnswer.json(new JsonObject(new LinkedHashMap<>(answer.body())))
                .withStatus(answer.status());
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            scripted = scripted.header(header.getKey(), header.getValue());
        }
        return scripted;
    }

    private interface Answered {
        ScriptedAnswer answer();
    }

    private synchronized ScriptedAnswer checked(ReceivedRequest request, Answered answered) {
        return access.isWelcome(request) ? answered.answer() : scripted(description.unauthorized());
    }

    private ScriptedAnswer list(Collection collection, ReceivedRequest received) {
        var request = new ApiRequest(received, collection.method().equals("POST"));
        Optional<String> parent = collection.of() == null ? Optional.empty() : Optional.of(received.variable("parent"));
        if (parent.isPresent() && !items.hasParent(collection, parent.get())) {
            return NO_SUCH_ITEM;
        }
        Optional<Instant> since = time(collection.since(), request);
        Optional<Instant> before = time(collection.before(), request);
        int after = afterNumber(collection, request);
        Optional<BigInteger> from = collection.fromId() == null
                ? Optional.empty()
                : request.parameter(collection.fromId()).map(BigInteger::new);
        List<ApiItem> found = items.of(collection).stream()
                .filter(item -> parent.isEmpty() || parent.get().equals(item.parent()))
                .filter(item -> since.isEmpty() || !item.updatedAt().isBefore(since.get()))
                .filter(item -> before.isEmpty() || item.updatedAt().isBefore(before.get()))
                .filter(item -> item.number() > after)
                .filter(item -> from.isEmpty() || new BigInteger(item.id()).compareTo(from.get()) >= 0)
                .sorted(order(collection))
                .toList();
        return new ApiPage(collection, request, found, url()).answer();
    }

    private static Optional<Instant> time(@Nullable TimeFilter filter, ApiRequest request) {
        if (filter == null) {
            return Optional.empty();
        }
        return request.parameter(filter.parameter()).map(text -> time(filter, text));
    }

    private static Instant time(TimeFilter filter, String text) {
        try {
            return switch (filter.format()) {
                case ISO -> Instant.parse(text);
                case EPOCH -> Instant.ofEpochSecond(Long.parseLong(text));
                case MILLIS -> Instant.ofEpochMilli(Long.parseLong(text));
                case DATE -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            };
        } catch (DateTimeException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the parameter " + filter.parameter() + " is '" + text + "', which is no time in the format "
                            + filter.format().name().toLowerCase(Locale.ROOT),
                    e);
        }
    }

    private int afterNumber(Collection collection, ApiRequest request) {
        String parameter = collection.afterId();
        return parameter == null
                ? 0
                : request.parameter(parameter)
                        .flatMap(id -> items.of(collection).stream()
                                .filter(item -> item.id().equals(id))
                                .findFirst())
                        .map(ApiItem::number)
                        .orElse(0);
    }

    private static Comparator<ApiItem> order(Collection collection) {
        Comparator<ApiItem> byChange = Comparator.comparing(ApiItem::updatedAt).thenComparing(ApiItem::number);
        Comparator<ApiItem> byAge = Comparator.comparing(ApiItem::number);
        if (collection.paging().style() == Paging.Style.CHANGES) {
            return byChange;
        }
        return switch (collection.order()) {
            case UPDATED_LAST_FIRST -> byChange.reversed();
            case UPDATED_FIRST_FIRST -> byChange;
            case CREATED_LAST_FIRST -> byAge.reversed();
            case CREATED_FIRST_FIRST -> byAge;
        };
    }

    private ScriptedAnswer detail(Collection collection, String id) {
        Map<String, ?> template = collection.detailRecord() == null ? collection.record() : collection.detailRecord();
        return items.of(collection).stream()
                .filter(item -> item.id().equals(id))
                .findFirst()
                .map(item -> ScriptedAnswer.json(new JsonObject(ApiPage.recordOf(item, template, collection))))
                .orElse(NO_SUCH_ITEM);
    }

    /** How long an integration has to rest after each of the provider's own words for too much. */
    List<QuotaAnswer> quotaAnswers() {
        return description.quotas().stream()
                .map(quota -> new QuotaAnswer(
                        quota.name(), () -> answerOnce(quota.answer()), Duration.ofSeconds(quota.waitSeconds())))
                .toList();
    }

    /**
     * Stops it.
     *
     * @throws AssertionError when a request was not understood, such as a cursor that did not come back as it was given
     */
    @Override
    public void close() {
        server.close();
    }
}
