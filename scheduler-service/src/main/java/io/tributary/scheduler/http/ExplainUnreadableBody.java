package io.tributary.scheduler.http;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Explains why a body cannot be read. Jackson's messages are not used: they quote the value, which may be a secret.
 */
final class ExplainUnreadableBody {

    private ExplainUnreadableBody() {}

    static Problem explain(HttpMessageNotReadableException exception) {
        return switch (exception.getCause()) {
            case UnrecognizedPropertyException unknown ->
                Problem.invalid(List.of(new Violation(
                        pointer(unknown),
                        "is unknown; known are "
                                + JsonFields.of(unknown.getReferringClass())
                                        .map(RecordComponent::getName)
                                        .sorted()
                                        .collect(Collectors.joining(", ")))));
            case MismatchedInputException mismatch ->
                Problem.invalid(List.of(new Violation(pointer(mismatch), "must be " + expected(mismatch))));
            case InputCoercionException tooLarge ->
                Problem.invalid(List.of(new Violation(pointer(tooLarge), "is too large a number")));
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
        Class<?> type = mismatch.getTargetType();
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        return type == Integer.class ? "a whole number" : "one JSON object";
    }

    private static String pointer(JacksonException exception) {
        return exception.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "/" + step.getIndex() : Violation.step(step.getPropertyName()))
                .collect(Collectors.joining());
    }

    private static String where(HttpMessageNotReadableException exception) {
        return exception.getCause() instanceof JacksonException json && json.getLocation() != null
                ? ": see line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
    }
}
