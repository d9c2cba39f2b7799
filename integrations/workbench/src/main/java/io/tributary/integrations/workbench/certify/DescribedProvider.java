package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A provider that is described in YAML, for integrations of JSON APIs:
 *
 * <pre>{@code
 * ApiDescription shop = ApiDescription.read(Path.of("shop.provider.yaml"));
 * CertificationReport report = Certification.of(() -> new DescribedProvider(shop, ShopIntegration::new)).run();
 * }</pre>
 */
public final class DescribedProvider implements Provider {

    private final ApiDescription description;
    private final Supplier<? extends Integration> integration;
    private final StatefulApi api;

    /** @param integration makes a new instance each time */
    public DescribedProvider(ApiDescription description, Supplier<? extends Integration> integration) {
        this.description = description;
        this.integration = integration;
        this.api = StatefulApi.start(description);
    }

    @Override
    public Integration integration() {
        Integration all = integration.get();
        return description.syncType() == null ? all : new OneSyncType(all, description.syncType());
    }

    @Override
    public JsonObject config() {
        var config = new LinkedHashMap<String, @Nullable Object>();
        config.put("baseUrl", api.url());
        description.config().forEach((key, value) -> config.put(key, withBaseUrl(value)));
        return new JsonObject(config);
    }

    private Object withBaseUrl(Object value) {
        return value instanceof String text ? text.replace("{baseUrl}", api.url()) : value;
    }

    @Override
    public Map<String, String> credentials() {
        return api.credentials();
    }

    @Override
    public Wire wire() {
        return new Wire.Http(api.server());
    }

    @Override
    public Optional<String> without(Feature feature) {
        return Optional.ofNullable(description.without().get(feature)).or(() -> switch (feature) {
            case RENEWAL -> isBearer() ? Optional.empty() : Optional.of("these credentials do not expire");
            case REVOCATION ->
                description.auth().style() == ApiDescription.AuthStyle.NONE
                        ? Optional.of("anybody may read")
                        : Optional.empty();
            case CURSORS ->
                description.collections().stream().anyMatch(DescribedProvider::hasCursors)
                        ? Optional.empty()
                        : Optional.of("pages are asked for by number or URL");
            case RANGES ->
                description.collections().stream().anyMatch(DescribedProvider::isReadWholeEachTime)
                        ? Optional.of("a list cannot be asked for from a time on")
                        : Optional.empty();
            case CHANGES, DELETIONS, MEMORY, TEXT -> Optional.empty();
        });
    }

    private boolean isBearer() {
        return description.auth().style() == ApiDescription.AuthStyle.BEARER;
    }

    /** What belongs to an item is read with it, and the item is asked for from a time on. */
    private static boolean isReadWholeEachTime(ApiDescription.Collection collection) {
        return collection.since() == null && collection.of() == null;
    }

    private static boolean hasCursors(ApiDescription.Collection collection) {
        return switch (collection.paging().style()) {
            case CURSOR, HEADER, CHANGES -> true;
            case NONE, PAGE, OFFSET, LINK, URL -> false;
        };
    }

    @Override
    public List<String> add(int count) {
        return api.add(count);
    }

    @Override
    public void change(String externalId) {
        api.change(externalId);
    }

    @Override
    public void delete(String externalId) {
        api.delete(externalId);
    }

    @Override
    public Set<String> mayComeAgain() {
        return api.mayComeAgain();
    }

    @Override
    public String addText(String text) {
        return api.add(text);
    }

    @Override
    public void expire() {
        api.renewCredentials();
    }

    @Override
    public Map<String, String> renewed() {
        return api.credentials();
    }

    @Override
    public void revoke() {
        api.revoke();
    }

    /** Three pages of each collection. */
    @Override
    public int itemsOfThreePages() {
        return description.collections().stream()
                        .mapToInt(collection -> 2 * collection.pageSize() + 1)
                        .max()
                        .orElseThrow()
                * description.collections().size();
    }

    @Override
    public int mostRequestsWhenNothingIsNew() {
        return description.mostRequestsWhenNothingIsNew();
    }

    @Override
    public List<QuotaAnswer> quotaAnswers() {
        return api.quotaAnswers();
    }

    @Override
    public void close() {
        api.close();
    }
}
