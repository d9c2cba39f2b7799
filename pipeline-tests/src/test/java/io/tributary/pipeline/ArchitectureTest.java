package io.tributary.pipeline;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Which way dependencies point. Each rule says what to do about a break. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {

    private static final List<String> LIBRARIES = List.of(
            "io.tributary.content..",
            "io.tributary.egress..",
            "io.tributary.expressions..",
            "io.tributary.ingress..",
            "io.tributary.schedule..",
            "io.tributary.secrets..",
            "io.tributary.telemetry..");

    private static final String SERVICES =
            "src/main/resources/META-INF/services/io.tributary.integrations.api.Integration";

    private final JavaClasses code = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tributary");

    @Test
    void servicesShareTheContractOnly() {
        String[] services = {
            "io.tributary.scheduler..", "io.tributary.worker..", "io.tributary.sink..", "io.tributary.edge.."
        };
        for (String service : services) {
            for (String other : services) {
                if (!service.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(service)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other)
                            .because("services talk through topics and tables: put a contract into schemas, and a"
                                    + " mechanism that two modules need into a module under libraries, with one purpose"
                                    + " and a name that says it")
                            .check(code);
                }
            }
        }
    }

    @Test
    void onlyTheWorkerSeesTheSpi() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.tributary.scheduler..",
                        "io.tributary.sink..",
                        "io.tributary.edge..",
                        "io.tributary.schemas..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.tributary.integrations..")
                .because("the scheduler reads manifests from the integrations topic; only the worker runs plugins")
                .check(code);
    }

    @Test
    void schemasNeedAvroAndKafkaOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.tributary.schemas..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "tools.jackson..", "org.postgresql..")
                .because("every service and every tool takes the contract along: keep it light")
                .check(code);
    }

    @Test
    void librariesHaveOnePurpose() {
        for (String library : LIBRARIES) {
            noClasses()
                    .that()
                    .resideInAPackage(library)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(
                                    "io.tributary..",
                                    "org.springframework..",
                                    "org.apache.kafka..",
                                    "org.apache.avro..")
                            .and(not(resideInAPackage(library))))
                    .because("a library serves any module: pass it what it needs as a parameter, or leave that part in"
                            + " the service")
                    .check(code);
        }
    }

    @Test
    void everyLibraryIsHeldToItsPurpose() throws IOException {
        Pattern packaged = Pattern.compile(LIBRARIES.stream()
                .map(library -> Pattern.quote(library.replace("..", "")))
                .collect(Collectors.joining("|", "package (", ");")));

        assertThat(SourceFiles.in("libraries")
                        .filter(source -> !packaged.matcher(source.text()).find()))
                .as("add the package of the new library to LIBRARIES")
                .isEmpty();
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching("io.tributary.(**)")
                .should()
                .beFreeOfCycles()
                .because(
                        "packages that need each other are one package, or have a third one inside them: move the class"
                                + " that both need, or let one of them take it as a parameter")
                .check(code);
    }

    @Test
    void packagesSayWhatTheyAreFor() {
        noClasses()
                .should()
                .resideInAnyPackage("..common..", "..core..", "..util..", "..utils..", "..shared..", "..helpers..")
                .because("anything fits into such a package: name the one purpose of what is in it")
                .allowEmptyShould(true)
                .check(code);
    }

    @Test
    void aRunIsQueuedInOnePlace() throws IOException {
        Pattern insert = Pattern.compile("insert\\s+into\\s+sync_run\\b", Pattern.CASE_INSENSITIVE);

        assertThat(SourceFiles.in("")
                        .filter(source -> insert.matcher(source.text()).find()))
                .as("queue runs with QueueRun of the scheduler; another service writes a row of requested_run")
                .extracting(SourceFiles.Source::name)
                .containsExactly("QueueRun.java");
    }

    @Test
    void oneClassOfTheSchedulerOwnsTheSqlOfATable() throws IOException {
        // A step that locks what is due in its own table may join a run of it, and so may a watchdog; quotas and
        // gauges count the rows of each table. Billing reads what ended runs used, and an effect the end of its run.
        Map<String, List<String>> owners = Map.of(
                "sync_run",
                List.of(
                        "EffectTable.java",
                        "FlagAccounts.java",
                        "FreshnessGauges.java",
                        "LostRuns.java",
                        "PauseConfirmations.java",
                        "QueueRun.java",
                        "Quota.java",
                        "RestartSchedules.java",
                        "RollUpStats.java",
                        "RunHistory.java",
                        "RunOutbox.java",
                        "RunQueries.java",
                        "RunTable.java",
                        "ScheduleTable.java",
                        "SettleDeliveries.java",
                        "UsageTable.java"),
                "sync_pause",
                List.of("PauseConfirmations.java", "PauseTable.java"),
                "one_off_task",
                List.of("OneOffTable.java"),
                "run_outbox",
                List.of("BacklogGauges.java", "RunOutbox.java"),
                "webhook_delivery",
                List.of("BacklogGauges.java", "DeliveryTable.java"),
                "webhook",
                List.of("DeliveryTable.java", "Quota.java", "WebhookTable.java"),
                "dead_letter",
                List.of("DeadLetterTable.java", "EffectTable.java", "LostRuns.java", "SettleDeliveries.java"));

        for (var owner : owners.entrySet()) {
            Pattern sql = Pattern.compile("\\b(from|join|into|update)\\s+" + owner.getKey() + "\\b");
            assertThat(SourceFiles.in("scheduler-service")
                            .filter(source -> sql.matcher(source.text()).find())
                            .map(SourceFiles.Source::name))
                    .as("move the statement about %s to its class", owner.getKey())
                    .containsExactlyInAnyOrderElementsOf(owner.getValue());
        }
    }

    @Test
    void fewClassesOfTheSchedulerChangeUserIntegrations() throws IOException {
        Pattern change = Pattern.compile("\\b(insert into|update|delete from)\\s+user_integration\\b");

        // A pause, a watchdog and the check of health change the accounts that they select by their own table.
        assertThat(SourceFiles.in("scheduler-service")
                        .filter(source -> change.matcher(source.text()).find())
                        .map(SourceFiles.Source::name))
                .as("move a change by the API to UserIntegrationTable, and a change by the engine to AccountTable")
                .containsExactlyInAnyOrder(
                        "AccountTable.java",
                        "CheckHealth.java",
                        "LostRuns.java",
                        "PauseTable.java",
                        "UserIntegrationTable.java");
    }

    @Test
    void anIntegrationIsAFolderAndOneLine() throws IOException {
        try (Stream<Path> folders = Files.list(SourceFiles.HOME.resolve("integrations"))) {
            var names = folders.filter(folder -> Files.exists(folder.resolve(SERVICES)))
                    .map(folder -> folder.getFileName().toString())
                    .toList();
            assertThat(names).contains("hello-world", "imap");
            Pattern inUse = Pattern.compile(names.stream()
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|", "<artifactId>(", ")</artifactId>(?!\\s*<scope>test</scope>)")));

            for (String module : List.of("scheduler-service", "task-worker-service", "standalone/app")) {
                assertThat(inUse.matcher(Files.readString(SourceFiles.HOME.resolve(module + "/pom.xml")))
                                .results()
                                .map(MatchResult::group))
                        .as("workers find an integration in its plugin folder: remove it from " + module + "/pom.xml")
                        .isEmpty();
            }
        }
    }

    @Test
    void namesSayWhatAClassDoes() {
        classes()
                .that()
                .resideInAPackage("io.tributary..")
                .should()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Helper")
                .andShould()
                .haveSimpleNameNotEndingWith("Impl")
                .andShould()
                .haveSimpleNameNotEndingWith("Util")
                .because("such a name hides what the class is for: name the step (a verb) or the thing (a noun)")
                .check(code);
    }
}
