package io.tributary.scheduler.http;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Says what is wrong with a body that does not fit. In our own words: Jackson's quote the value, which may be a secret.
 */
final class ExplainUnreadableBody {

    private ExplainUnreadableBody() {}

    static Problem explain(HttpMessageNotReadableException exception) {
        return switch (exception.getCause()) {
            case UnrecognizedPropertyException unknown ->
                Problem.invalid(List.of(new Violation(
                        pointer(unknown),
                        "is unknown; known are "
                                + unknown.getKnownPropertyIds().stream()
                                        .map(String::valueOf)
                                        .sorted()
                                        .collect(Collectors.joining(", ")))));
            case MismatchedInputException mismatch ->
                Problem.invalid(List.of(new Violation(pointer(mismatch), "must be " + expected(mismatch))));
            case DatabindException invalid ->
                Problem.invalid(List.of(new Violation(pointer(invalid), "cannot be read")));
            case null, default ->
                Problem.of(
                        HttpStatus.BAD_REQUEST,
                        "api.malformedJson",
                        "The body is missing or is not well-formed JSON" + where(exception) + ".");
        };
    }

    private static String expected(MismatchedInputException mismatch) {
        Class<?> type = mismatch instanceof InvalidFormatException || mismatch.getTargetType() != null
                ? mismatch.getTargetType()
                : Object.class;
        if (type == String.class) {
            return "a string";
        }
        if (Number.class.isAssignableFrom(type) || type.isPrimitive()) {
            return type == Boolean.class || type == boolean.class ? "true or false" : "a whole number";
        }
        return type == Boolean.class ? "true or false" : "a JSON object";
    }

    private static String pointer(DatabindException exception) {
        return exception.getPath().stream()
                .map(step -> step.getPropertyName() == null
                        ? "/" + step.getIndex()
                        : "/" + step.getPropertyName().replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }

    private static String where(HttpMessageNotReadableException exception) {
        return exception.getCause() instanceof JacksonException json && json.getLocation() != null
                ? ": see line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
    }
}
