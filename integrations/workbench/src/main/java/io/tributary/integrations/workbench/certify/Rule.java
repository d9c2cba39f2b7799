package io.tributary.integrations.workbench.certify;

import java.util.Optional;
import java.util.function.Function;

/**
 * Something that every integration keeps to.
 *
 * @param name a sentence that is true of an integration that does
 * @param whyNot why it cannot be asked of a provider; empty: it can
 */
record Rule(String name, Function<Facts, Optional<String>> whyNot, Body body) {

    /** Checks it; throws {@link Breach}, or anything else, when the integration does not keep to it. */
    interface Body {
        Outcome check(Fixtures fixtures) throws Exception;
    }

    /** One for every provider. */
    static Rule of(String name, Body body) {
        return new Rule(name, facts -> Optional.empty(), body);
    }

    /** One for providers with a feature. */
    static Rule of(Feature feature, String name, Body body) {
        return new Rule(name, facts -> facts.lacks(feature), body);
    }

    /** The same for such providers only as have another feature as well. */
    Rule and(Function<Facts, Optional<String>> another) {
        return new Rule(name, facts -> whyNot.apply(facts).or(() -> another.apply(facts)), body);
    }
}
