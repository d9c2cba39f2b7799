package io.tributary.integrations.helloworld;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.JsonObject;
import io.tributary.integrations.workbench.certify.Feature;
import io.tributary.integrations.workbench.certify.Provider;
import io.tributary.integrations.workbench.certify.Wire;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Greetings come from the config: there is no provider but the user who changes it. */
final class GreetingsProvider implements Provider {

    private int count;
    private String name = "world";

    @Override
    public Integration integration() {
        return new HelloWorldIntegration();
    }

    @Override
    public JsonObject config() {
        return JsonObject.of("count", count).with("name", name);
    }

    @Override
    public Wire wire() {
        return new Wire.None("greetings are made up, nobody is asked for them");
    }

    @Override
    public Optional<String> without(Feature feature) {
        return switch (feature) {
            case CHANGES, DELETIONS -> Optional.of("a greeting that was said stays said");
            case CURSORS, RANGES -> Optional.of("greetings have neither pages nor times");
            case RENEWAL, REVOCATION -> Optional.of("no credentials are needed");
            case MEMORY, TEXT -> Optional.empty();
        };
    }

    @Override
    public List<String> add(int more) {
        count += more;
        return IntStream.rangeClosed(count - more + 1, count)
                .mapToObj(number -> "greeting-" + number)
                .toList();
    }

    @Override
    public String addText(String text) {
        name = text;
        return add(1).getFirst();
    }

    /** As the config has it. */
    @Override
    public int longestText() {
        return 100;
    }

    @Override
    public int mostRequestsWhenNothingIsNew() {
        return 0;
    }

    @Override
    public void close() {}
}
