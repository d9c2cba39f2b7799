package io.tributary.integrations.workbench.certify;

import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says what is wrong with a description in the words of its author, who knows keys and no classes of Java. */
final class ExplainMistake {

    private static final String GUIDE = "docs/writing-an-integration.md";

    private ExplainMistake() {}

    /** One line, with the key at which it is, or else line and column. */
    static String of(JacksonException e) {
        return switch (e) {
            case UnrecognizedPropertyException unknown -> at(e, 1) + ofUnknownKey(unknown);
            case InvalidFormatException wrong -> at(e, 0) + ofWrongValue(wrong);
            case ValueInstantiationException broken
            when broken.getCause() != null -> at(e, 0) + broken.getCause().getMessage();
            case MismatchedInputException wrong
            when namesClass(wrong) -> at(e, 0) + "it is not written like this, see its key in " + GUIDE;
            default -> near(e) + String.valueOf(e.getOriginalMessage()).replace('\n', ' ');
        };
    }

    /** Jackson puts the names of classes between backticks. */
    private static boolean namesClass(JacksonException e) {
        return String.valueOf(e.getOriginalMessage()).contains("`");
    }

    private static String ofUnknownKey(UnrecognizedPropertyException unknown) {
        List<String> known = unknown.getKnownPropertyIds().stream()
                .map(String::valueOf)
                .sorted()
                .toList();
        return "there is no key '" + unknown.getPropertyName() + "'; there are " + known;
    }

    private static String ofWrongValue(InvalidFormatException wrong) {
        Object[] possible = wrong.getTargetType().getEnumConstants();
        return "it cannot be '" + wrong.getValue() + "'"
                + (possible == null ? "" : "; it can be " + Arrays.toString(possible));
    }

    /**
     * The keys that lead there, such as {@code collections[0].paging: }.
     *
     * @param without how many of the last ones not
     */
    private static String at(JacksonException e, int without) {
        var path = new StringBuilder();
        List<JacksonException.Reference> steps = e.getPath();
        for (var step : steps.subList(0, Math.max(0, steps.size() - without))) {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        }
        return path.isEmpty() ? "" : path + ": ";
    }

    private static String near(JacksonException e) {
        return "near line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ": ";
    }
}
