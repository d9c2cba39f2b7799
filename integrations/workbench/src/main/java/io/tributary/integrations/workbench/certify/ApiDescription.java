package io.tributary.integrations.workbench.certify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Describes a provider with a JSON API over HTTP, as its documentation does: where its lists are, how they are paged
 * and filtered, what a record looks like, and what it answers to the wrong credentials and to too many requests.
 *
 * <p>Texts have places for values of the item: {@code {id}}, {@code {number}} (from 1), {@code {text}}, {@code
 * {version}} (from 1, one more with each change), {@code {parent}} and {@code {children}} (the id of the item it
 * belongs to, and how many belong to it), and its times {@code {createdAt}} and {@code {updatedAt}} (ISO 8601), {@code
 * {createdEpoch}} and {@code {updatedEpoch}} (seconds), {@code {createdMillis}} and {@code {updatedMillis}}. A text
 * that is nothing but the place of a number becomes that number. {@code {baseUrl}} is where the double is.
 *
 * @param auth how requests show the credentials; default a bearer token
 * @param config of the account, in addition to {@code baseUrl}; default none
 * @param collections one at least; items are added to them in turn
 * @param connect the request that tells the account; default none
 * @param unauthorized what wrong credentials are answered with; default 401
 * @param quotas the provider's quota responses other than 429; default none
 * @param without features that it lacks, each with the reason
 * @param mostRequestsWhenNothingIsNew of a sync; default one for each collection that is not {@code of} another
 * @param syncType that is certified; default the integration's default one
 */
public record ApiDescription(
        Auth auth,
        Map<String, Object> config,
        List<Collection> collections,
        @Nullable Fixed connect,
        Answer unauthorized,
        List<Quota> quotas,
        Map<Feature, String> without,
        Integer mostRequestsWhenNothingIsNew,
        @Nullable String syncType) {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    /** How credentials are shown. */
    public enum AuthStyle {
        /** {@code Authorization: Bearer} and {@code accessToken}, which expires and is renewed. */
        BEARER,
        /** A header of a name with {@code apiKey}. */
        HEADER,
        /** A parameter of the query with {@code apiKey}. */
        QUERY,
        /** The first segment of each path with {@code apiKey}. */
        PATH,
        /** {@code Authorization: Basic} with {@code username} and {@code password}. */
        BASIC,
        /** A header with the token that a login with {@code username} and {@code password} in JSON answers. */
        SESSION,
        /** Not at all. */
        NONE
    }

    /**
     * @param name of the header or the parameter; empty for other styles, {@code Authorization} for a session
     * @param prefix before the credential in the header or the path; default none, {@code "Bearer "} for that style
     * @param credential its key in the credentials of the account; default {@code apiKey} or {@code accessToken}
     * @param more further headers, each with the key of the credential that it has to have; default none
     * @param login path at which a session begins; its answer has {@code token}; default {@code /login}
     */
    public record Auth(
            AuthStyle style,
            @Nullable String name,
            @Nullable String prefix,
            @Nullable String credential,
            Map<String, String> more,
            String login) {
        public Auth {
            login = login == null ? "/login" : login;
            more = more == null ? Map.of() : Map.copyOf(more);
            require(style != null, "auth needs a style");
            require(
                    name != null || (style != AuthStyle.HEADER && style != AuthStyle.QUERY),
                    "auth needs the name of the header or parameter");
        }

        String prefixOr(String otherwise) {
            return prefix == null ? otherwise : prefix;
        }

        String credentialOr(String otherwise) {
            return credential == null ? otherwise : credential;
        }
    }

    /**
     * A list of items, and each item by itself.
     *
     * @param path of the list; with {@code {parent}} where each list belongs to an item of another collection, whose id
     *     stands there
     * @param method that asks for it: GET, or POST with its parameters in a JSON body, by a path such as {@code
     *     page.token}; default GET
     * @param of path of that other collection, which comes before this one; default none. What is added, changed or
     *     deleted changes the time of the item it belongs to: the one that was added last
     * @param records where the records are in its answer, such as {@code data.items}; default: the answer is the list
     * @param beside what else the answer has
     * @param pageSize records of a page; default 3
     * @param paging how the next page is asked for; default all is on one page
     * @param order of the list; default the last change first
     * @param since parameter that leaves out what changed before a time; default none
     * @param before parameter that leaves out what changed then or later; default none
     * @param afterId parameter that leaves out what was added before an item, and that item; default none
     * @param fromId parameter that leaves out items with a lower id, a number; default none
     * @param reversed whether the records of each page are the other way round; default false
     * @param detail path of an item, with {@code {id}}; default none
     * @param record of the list and, unless {@code detailRecord} says otherwise, by itself
     * @param detailRecord the item by itself; default as in the list
     * @param id of an item; default {@code item-{number}}
     * @param externalId that the integration gives an item; default its id
     * @param deletions how a deletion shows; default the item is gone
     */
    public record Collection(
            String path,
            String method,
            @Nullable String of,
            @Nullable String records,
            Map<String, Object> beside,
            Integer pageSize,
            Paging paging,
            Order order,
            @Nullable TimeFilter since,
            @Nullable TimeFilter before,
            @Nullable String afterId,
            @Nullable String fromId,
            Boolean reversed,
            @Nullable String detail,
            Map<String, Object> record,
            @Nullable Map<String, Object> detailRecord,
            String id,
            String externalId,
            Deletions deletions) {

        public Collection {
            method = method == null ? "GET" : method;
            reversed = reversed != null && reversed;
            beside = beside == null ? Map.of() : beside;
            pageSize = pageSize == null ? 3 : pageSize;
            paging = paging == null ? new Paging(Paging.Style.NONE, null, null, null, null, null) : paging;
            order = order == null ? Order.UPDATED_LAST_FIRST : order;
            record = record == null ? Map.of("id", "{id}", "text", "{text}", "updatedAt", "{updatedAt}") : record;
            id = id == null ? "item-{number}" : id;
            externalId = externalId == null ? "{id}" : externalId;
            deletions = deletions == null ? new Deletions(DeletionStyle.GONE, null, null) : deletions;
            require(path != null && pageSize >= 1, "a collection needs a path, and a pageSize of 1 and up");
            require(
                    (of != null) == path.contains("{parent}"),
                    "a path has {parent} where the collection is of another one, and there only");
            ApiItem.SAMPLE.fill(record);
            ApiItem.SAMPLE.fill(detailRecord == null ? Map.of() : detailRecord);
            ApiItem.SAMPLE.fillPlaces(id);
            ApiItem.SAMPLE.fillPlaces(externalId);
        }
    }

    /** In which order a list has its items. */
    public enum Order {
        UPDATED_LAST_FIRST,
        UPDATED_FIRST_FIRST,
        CREATED_LAST_FIRST,
        CREATED_FIRST_FIRST
    }

    /** How a deletion shows. */
    public enum DeletionStyle {
        /** The item is on no list any more, and by itself 404. */
        GONE,
        /** It stays, changed: a field of its record says so. */
        FLAGGED
    }

    /** @param field of a flagged record; @param value that it has then */
    public record Deletions(
            DeletionStyle style,
            @Nullable String field,
            @Nullable Object value) {
        public Deletions {
            require(style != null, "deletions need a style");
            require(field != null || style != DeletionStyle.FLAGGED, "deletions need the field that flags a record");
        }
    }

    /** A request that is always answered the same. */
    public record Fixed(String path, Map<String, Object> answer) {
        public Fixed {
            require(path != null && answer != null, "a request needs a path and an answer");
        }
    }

    /** @param headers default none; @param body default none */
    public record Answer(int status, Map<String, String> headers, Map<String, Object> body) {
        public Answer {
            headers = headers == null ? Map.of() : headers;
            body = body == null ? Map.of() : body;
        }
    }

    /** @param waitSeconds how long the integration has to rest then */
    public record Quota(String name, Answer answer, Long waitSeconds) {
        public Quota {
            require(
                    name != null && answer != null && waitSeconds != null,
                    "a quota needs a name, an answer and waitSeconds");
        }
    }

    public ApiDescription {
        auth = auth == null ? new Auth(AuthStyle.BEARER, null, null, null, Map.of(), "/login") : auth;
        config = config == null ? Map.of() : config;
        collections = collections == null ? List.of() : List.copyOf(collections);
        unauthorized = unauthorized == null
                ? new Answer(401, Map.of(), Map.of("error", "the credentials are not valid"))
                : unauthorized;
        quotas = quotas == null ? List.of() : List.copyOf(quotas);
        require(without == null || !without.containsValue(null), "without needs a reason for each");
        without = without == null ? Map.of() : Map.copyOf(without);
        mostRequestsWhenNothingIsNew = mostRequestsWhenNothingIsNew == null
                ? (int) collections.stream()
                        .filter(collection -> collection.of() == null)
                        .count()
                : mostRequestsWhenNothingIsNew;
        require(!collections.isEmpty(), "there is no collection: describe one at least");
        var before = new HashSet<String>();
        for (Collection collection : collections) {
            require(
                    collection.of() == null || before.contains(collection.of()),
                    "there is no collection " + collection.of() + " before that of " + collection.path());
            before.add(collection.path());
        }
    }

    /** Most records of a page that every collection has. */
    public int pageSize() {
        return collections.stream().mapToInt(Collection::pageSize).min().orElseThrow();
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * Reads a description.
     *
     * @param yaml YAML or JSON
     * @throws IllegalArgumentException when it is none; the message says where, and what is wrong
     */
    public static ApiDescription parse(String yaml) {
        try {
            return YAML.readValue(yaml, ApiDescription.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(ExplainMistake.of(e), e);
        }
    }

    /**
     * Reads a description from a file.
     *
     * @throws IllegalArgumentException as {@link #parse}
     */
    public static ApiDescription read(Path file) throws IOException {
        return parse(Files.readString(file));
    }
}
