package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A provider as a double: it has items, which the certification adds, changes and deletes, and it answers as the real
 * one does. What it answers is the author's knowledge of the provider, so it is written after the provider's
 * documentation and not after the integration.
 *
 * <p>There is a new one for each check, often more than one, so it should start in milliseconds. It starts without
 * items, accepts {@link #credentials}, and should page by few items ({@link #itemsOfThreePages}). It is called by one
 * thread; what it does not implement, it names in {@link #without}.
 */
public interface Provider extends AutoCloseable {

    /** The time at which each check begins; items should not be of later times than some minutes after it. */
    Instant START = Instant.parse("2026-05-01T12:00:00Z");

    /** A new instance of the integration, as a worker makes it. */
    Integration integration();

    /** The config of an account on this double, now; it has to match the manifest's schema. */
    JsonObject config();

    /** The credentials of the account, as it was connected. Empty when the integration needs none. */
    default Map<String, String> credentials() {
        return Map.of();
    }

    /** Names that resolve to a server of the double; default none. */
    default Map<String, InetAddress> hosts() {
        return Map.of();
    }

    /** How the integration reaches it. */
    Wire wire();

    /** Why the provider lacks a feature, for the report; empty, the default: it has it. */
    default Optional<String> without(Feature feature) {
        return Optional.empty();
    }

    /**
     * Adds items, later than those before.
     *
     * @param count 1 and up
     * @return the external ids that the integration has to give them, in the order they were added
     */
    List<String> add(int count);

    /** Changes the content of an item; the integration has to bring it again. */
    default void change(String externalId) {
        throw new UnsupportedOperationException(
                "change an item here, or say in without(CHANGES) why there are no changes");
    }

    /** Deletes an item. */
    default void delete(String externalId) {
        throw new UnsupportedOperationException(
                "delete an item here, or say in without(DELETIONS) why deletions do not show");
    }

    /**
     * The items that may come again because of what was added, changed or deleted since this was asked the last time:
     * what belongs together and is read together, such as an issue of which there is a new comment, and its other
     * comments. Default none.
     */
    default Set<String> mayComeAgain() {
        return Set.of();
    }

    /**
     * Adds an item in whose name, content or metadata this text is.
     *
     * @param text may have any character that a Java string can have; {@link HostileText#bytes} are the bytes of it for
     *     protocols that know bytes only
     * @return its external id
     */
    default String addText(String text) {
        throw new UnsupportedOperationException(
                "add an item with a text here, or say in without(TEXT) why there is none");
    }

    /** Longest text that an item may have, characters; default 200,000. */
    default int longestText() {
        return 200_000;
    }

    /** Refuses the current credentials from now on, and gives out others by {@link #renewed}. */
    default void expire() {
        throw new UnsupportedOperationException(
                "refuse the token here, or say in without(RENEWAL) why credentials are not renewed");
    }

    /** Renews the credentials: those before are refused, these are accepted. */
    default Map<String, String> renewed() {
        throw new UnsupportedOperationException(
                "accept another token here, or say in without(RENEWAL) why there is none");
    }

    /** Refuses all credentials from now on. */
    default void revoke() {
        throw new UnsupportedOperationException(
                "refuse all credentials here, or say in without(REVOCATION) why that is impossible");
    }

    /**
     * How many items make three pages of the double, so that one lies between two others; default 7, for pages of 3.
     */
    default int itemsOfThreePages() {
        return 7;
    }

    /**
     * At how many places of a scenario faults and crashes are tried, 3 and up; default 12. Fewer where the double is
     * slow, lest the certification takes minutes.
     */
    default int mostPlaces() {
        return 12;
    }

    /** Most requests of a sync that finds nothing new; for a {@link Wire.Tcp}, most times that something is sent. */
    int mostRequestsWhenNothingIsNew();

    /**
     * The provider's quota responses other than 429, {@code Retry-After} and rate limit headers; default none.
     */
    default List<QuotaAnswer> quotaAnswers() {
        return List.of();
    }

    /** Stops the double. */
    @Override
    void close();
}
