package io.tributary.integrations.testkit.certify;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.testkit.InMemoryRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of text that is made to break things. */
final class TextRules {

    private TextRules() {}

    static Stream<Rule> all() {
        return Stream.of(Rule.of(Feature.TEXT, "hostile text arrives and harms no other item", TextRules::hostileText));
    }

    private static Outcome hostileText(Bench bench) throws InterruptedException {
        var names = new ArrayList<String>();
        List<HostileText> texts;
        try (Trial trial = bench.begin()) {
            texts = HostileText.upTo(trial.provider().longestText());
        }
        for (HostileText hostile : texts) {
            arrives(hostile, bench);
            names.add(hostile.name());
        }
        return new Outcome.Passed(String.join(", ", names));
    }

    private static void arrives(HostileText hostile, Bench bench) throws InterruptedException {
        try (Trial trial = bench.begin()) {
            trial.add(1);
            String id = trial.addText(hostile.text());
            trial.add(1);
            SyncedAccount account = trial.account();
            InMemoryRun run = account.sync();
            Trial.mustSucceed(run);
            trial.mustHaveEverything(account);
            Output output = account.rows().item(id);
            Breach.unless(hostile.isIn(output), "came as " + Told.output(output));
            mustBeJson(output.metadata().toJson());
            mustBeJson(run.state().toJson());
            Trial.mustSucceed(account.sync());
            trial.mustHaveEverything(account);
        } catch (Breach breach) {
            throw breach.at(hostile.name());
        }
    }

    private static void mustBeJson(String text) {
        try {
            JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new Breach("metadata or state is no JSON: " + Told.text(String.valueOf(e.getMessage())));
        }
    }
}
