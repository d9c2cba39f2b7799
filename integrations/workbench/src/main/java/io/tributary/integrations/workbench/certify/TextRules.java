package io.tributary.integrations.workbench.certify;

import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.InMemoryRun;
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

    private static Outcome hostileText(Fixtures fixtures) throws InterruptedException {
        var names = new ArrayList<String>();
        List<HostileText> texts;
        try (Fixture fixture = fixtures.create()) {
            texts = HostileText.upTo(fixture.provider().longestText());
        }
        for (HostileText hostile : texts) {
            arrives(hostile, fixtures);
            names.add(hostile.name());
        }
        return new Outcome.Passed(String.join(", ", names));
    }

    private static void arrives(HostileText hostile, Fixtures fixtures) throws InterruptedException {
        try (Fixture fixture = fixtures.create()) {
            fixture.add(1);
            String id = fixture.addText(hostile.text());
            fixture.add(1);
            SyncedAccount account = fixture.account();
            InMemoryRun run = account.sync();
            Fixture.mustSucceed(run);
            fixture.mustHaveEverything(account);
            Output output = account.rows().item(id);
            Breach.unless(hostile.isIn(output), "came as " + ReportText.output(output));
            mustBeJson(output.metadata().toJson());
            if (output.unified() != null) {
                mustBeJson(output.unified().toJson().toJson());
            }
            mustBeJson(run.state().toJson());
            Fixture.mustSucceed(account.sync());
            fixture.mustHaveEverything(account);
        } catch (Breach breach) {
            throw breach.at(hostile.name());
        }
    }

    private static void mustBeJson(String text) {
        try {
            JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            throw new Breach(
                    "metadata, unified item or state is no JSON: " + ReportText.text(String.valueOf(e.getMessage())));
        }
    }
}
