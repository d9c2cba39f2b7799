package io.tributary.integrations.helloworld;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.integrations.api.Integration;
import io.tributary.integrations.api.Options;
import io.tributary.integrations.api.Output;
import io.tributary.integrations.workbench.ConnectedAccount;
import io.tributary.integrations.workbench.InMemoryRun;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class HelloWorldIntegrationTest {

    private final ConnectedAccount account = ConnectedAccount.of(new HelloWorldIntegration());

    @Test
    void greetsTheWorldTenTimesByDefault() throws Exception {
        InMemoryRun run = account.sync();

        assertThat(run.tasks("getGreetings")).hasSize(1);
        assertThat(run.tasks("greet")).hasSize(10);
        assertThat(run.outputs()).hasSize(10).allMatch(output -> "Hello, world!".equals(output.content()));
        assertThat(run.outputs()).extracting(Output::externalId).doesNotHaveDuplicates();
    }

    @Test
    void greetsWhomTheConfigNames() throws Exception {
        InMemoryRun run = account.config("name", "Ada").config("count", 1).sync();

        assertThat(run.outputs()).containsExactly(Output.content("greeting-1", "Greeting 1", "Hello, Ada!"));
    }

    @Test
    void addsNothingTheSecondTime() throws Exception {
        account.sync();

        InMemoryRun second = account.sync();

        assertThat(second.tasks()).hasSize(1);
        assertThat(second.outputs()).isEmpty();
    }

    @Test
    void addsOnlyWhatIsNew() throws Exception {
        account.config("count", 2).sync();

        InMemoryRun second = account.config("count", 4).sync();

        assertThat(second.outputs()).extracting(Output::externalId).containsExactly("greeting-3", "greeting-4");
    }

    @Test
    void greetsAgainWhenForced() throws Exception {
        account.config("count", 2).sync();

        InMemoryRun forced = account.sync(new Options(null, null, true));

        assertThat(forced.outputs()).hasSize(2);
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(Integration.class)).hasAtLeastOneElementOfType(HelloWorldIntegration.class);
    }
}
