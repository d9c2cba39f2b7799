package io.tributary.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which way dependencies point. Each rule says what to do about a break. */
class ArchitectureTest {

    private final JavaClasses code = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tributary");

    @Test
    void servicesShareTheContractOnly() {
        String[] services = {"io.tributary.scheduler..", "io.tributary.worker..", "io.tributary.sink.."};
        for (String service : services) {
            for (String other : services) {
                if (!service.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(service)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other)
                            .because("services talk through topics and tables: put what both need into schemas, if it"
                                    + " is a contract, and write it twice if it is not")
                            .check(code);
                }
            }
        }
    }

    @Test
    void onlyTheWorkerSeesTheSpi() {
        noClasses()
                .that()
                .resideInAnyPackage("io.tributary.scheduler..", "io.tributary.sink..", "io.tributary.schemas..")
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
    void theContentStoreNeedsItsClientOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.tributary.content..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "org.apache.kafka..",
                        "io.tributary.schemas..",
                        "io.tributary.scheduler..",
                        "io.tributary.worker..",
                        "io.tributary.sink..")
                .because(
                        "it is what three services share about large content, and no place for anything else they share")
                .check(code);
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
