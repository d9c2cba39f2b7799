package io.tributary.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** How large main code may become. Each rule names the places that are too large and says what to do about them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SizeLimitsTest {

    private static final int MOST_LINES = 300;
    private static final int MOST_PARAMETERS = 6;
    private static final int MOST_FIELDS = 12;

    /** The parameters of a statement, which has as many as the table has columns, and a file that authors write. */
    private static final Set<String> WIDE_RECORDS = Set.of(
            "io.tributary.integrations.workbench.certify.ApiDescription$Collection",
            "io.tributary.sink.completion.AdvanceRuns$Advance",
            "io.tributary.sink.deadletter.StoreDeadLetters$Row");

    private JavaClasses code;

    @BeforeAll
    void read() throws IOException {
        code = new ClassFileImporter().importPaths(SourceFiles.compiled());
    }

    @Test
    void aClassHasAtMost300Lines() throws IOException {
        assertThat(SourceFiles.in("")
                        .filter(source -> source.text().lines().count() > MOST_LINES)
                        .map(source -> source + ": " + source.text().lines().count() + " lines"))
                .as("move what has a purpose of its own into a class of its own")
                .isEmpty();
    }

    @Test
    void aConstructorHasAtMostSixParameters() {
        assertThat(ownClasses()
                        .filter(type -> !type.isRecord())
                        .flatMap(type -> type.getConstructors().stream())
                        .filter(constructor -> written(constructor) > MOST_PARAMETERS)
                        .map(constructor ->
                                constructor.getOwner().getName() + ": " + written(constructor) + " parameters"))
                .as("a concept is missing: give the parameters that belong together a record")
                .isEmpty();
    }

    @Test
    void aRecordHasAtMostTwelveFields() {
        assertThat(ownClasses().filter(type -> fields(type) > MOST_FIELDS).map(JavaClass::getName))
                .as("group the fields into records; add a record to WIDE_RECORDS only if it is a message or a row")
                .containsExactlyInAnyOrderElementsOf(WIDE_RECORDS);
    }

    /** Classes that people wrote: their constructors have no parameters for captured variables. */
    private Stream<JavaClass> ownClasses() {
        return code.stream()
                .filter(type -> !type.isAnonymousClass() && !type.isLocalClass())
                .filter(type -> !type.isAssignableTo(SpecificRecordBase.class));
    }

    /** The parameters without those that the compiler adds. */
    private static int written(JavaConstructor constructor) {
        JavaClass type = constructor.getOwner();
        int added = 0;
        if (type.isEnum()) {
            added = 2; // name and ordinal
        } else if (type.isInnerClass()) {
            added = 1; // the outer object
        }
        return constructor.getRawParameterTypes().size() - added;
    }

    private static long fields(JavaClass type) {
        return type.isRecord()
                ? type.getFields().stream().filter(SizeLimitsTest::isComponent).count()
                : 0;
    }

    private static boolean isComponent(JavaField field) {
        return !field.getModifiers().contains(JavaModifier.STATIC);
    }
}
