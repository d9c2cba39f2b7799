package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Manifest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is the same of all doubles of a provider.
 *
 * @param without the features that it lacks, and why
 * @param wire of one of them, closed by now: only its kind counts
 * @param quotaAnswers how many it has
 * @param mostPlaces of a scenario at which something happens
 */
record Facts(Manifest manifest, Map<Feature, String> without, Wire wire, int quotaAnswers, int mostPlaces) {

    static Facts of(Provider provider) {
        var without = new EnumMap<Feature, String>(Feature.class);
        for (Feature feature : Feature.values()) {
            provider.without(feature).ifPresent(reason -> without.put(feature, reason));
        }
        try (Integration integration = provider.integration()) {
            return new Facts(
                    integration.manifest(),
                    without,
                    provider.wire(),
                    provider.quotaAnswers().size(),
                    provider.mostPlaces());
        }
    }

    /** Why there is nothing to check of a feature; empty: there is. */
    Optional<String> lacks(Feature feature) {
        return Optional.ofNullable(without.get(feature));
    }

    Optional<String> lacksHttp() {
        return switch (wire) {
            case Wire.Http http -> Optional.empty();
            case Wire.Tcp tcp -> Optional.of("the provider is not reached by HTTP");
            case Wire.None none -> Optional.of(none.reason());
        };
    }

    Optional<String> lacksTcp() {
        return switch (wire) {
            case Wire.Http http -> Optional.of("the connection is that of the HTTP client");
            case Wire.Tcp tcp -> Optional.empty();
            case Wire.None none -> Optional.of(none.reason());
        };
    }

    Optional<String> lacksConnection() {
        return wire instanceof Wire.None none ? Optional.of(none.reason()) : Optional.empty();
    }
}
