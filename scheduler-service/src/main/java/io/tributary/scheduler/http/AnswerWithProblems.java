package io.tributary.scheduler.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns every exception of a controller, and of Spring on the way to it, into a {@link Problem}. */
@RestControllerAdvice
class AnswerWithProblems extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(AnswerWithProblems.class);

    @ExceptionHandler
    ResponseEntity<Object> refused(ApiException exception) {
        return answer(exception.problem(), HttpHeaders.EMPTY);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Object> databaseGone(Exception exception) {
        log.warn("request not served, the database does not answer code={}", Problem.UNAVAILABLE.code(), exception);
        return answer(Problem.UNAVAILABLE, HttpHeaders.EMPTY);
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(Exception exception) {
        log.error("request failed code={}", Problem.INTERNAL.code(), exception);
        return answer(Problem.INTERNAL, HttpHeaders.EMPTY);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return answer(ExplainUnreadableBody.explain(exception), headers);
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = exception instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(exception.getPropertyName());
        Class<?> type = exception.getRequiredType();
        String expected = type == null ? "something else" : type.getSimpleName();
        return answer(Problem.invalid(List.of(new Violation(name, "must be a " + expected))), headers);
    }

    @Override
    protected ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException exception,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return answer(Problem.invalid(List.of(new Violation(exception.getParameterName(), "is missing"))), headers);
    }

    /** Everything else that Spring finds wrong; the headers (Allow, Accept) are Spring's. */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (status.is5xxServerError()) {
            log.error("request failed code={}", Problem.INTERNAL.code(), exception);
        }
        return answer(Problem.of(HttpStatus.valueOf(status.value())), headers);
    }

    private static ResponseEntity<Object> answer(Problem problem, HttpHeaders headers) {
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
