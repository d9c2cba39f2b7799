package io.tributary.scheduler.http;

import io.swagger.v3.oas.annotations.Hidden;
import io.tributary.scheduler.database.AllConnectionsInUse;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Turns every failure of a request into a {@link Problem}: an exception of a controller or of Spring, a request that a
 * filter gave up, and a request that Tomcat rejects before any filter.
 */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

    ProblemHandler(ApiProperties properties) {
        Problem.linkTo(properties.errorsUrl());
    }

    @ExceptionHandler
    ResponseEntity<Object> rejected(ApiException exception) {
        return response(exception.problem(), HttpHeaders.EMPTY);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Object> databaseUnavailable(Exception exception) {
        Problem problem = problemOf(exception);
        log.warn("api.requestNotServed: the database does not answer code={}", problem.code(), exception);
        var headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "1");
        return response(problem, headers);
    }

    private static Problem problemOf(Exception exception) {
        return switch (exception) {
            case QueryTimeoutException _ -> Problem.QUERY_TIMED_OUT;
            case Exception _ when AllConnectionsInUse.caused(exception) -> Problem.BUSY;
            default -> Problem.UNAVAILABLE;
        };
    }

    @ExceptionHandler
    ResponseEntity<Object> unexpected(Exception exception) {
        log.error("api.internalError: request failed", exception);
        return response(Problem.INTERNAL, HttpHeaders.EMPTY);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return response(ExplainUnreadableBody.explain(exception), headers);
    }

    @Override
    protected ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException exception, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = exception instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(exception.getPropertyName());
        Class<?> type = exception.getRequiredType();
        String expected = type == null ? "something else" : type.getSimpleName();
        return response(Problem.invalid(List.of(new Violation(name, "must be a " + expected))), headers);
    }

    @Override
    protected ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException exception,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        return response(Problem.invalid(List.of(new Violation(exception.getParameterName(), "is missing"))), headers);
    }

    /** Handles every other exception of Spring, which sets the headers (Allow, Accept). */
    @Override
    protected ResponseEntity<Object> handleExceptionInternal(
            Exception exception,
            @Nullable Object body,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        if (status.is5xxServerError()) {
            log.error("api.internalError: request failed", exception);
        }
        return response(Problem.of(HttpStatus.valueOf(status.value())), headers);
    }

    private static ResponseEntity<Object> response(Problem problem, HttpHeaders headers) {
        return ResponseEntity.status(problem.status())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }

    private static HttpStatus resolve(int status) {
        return Objects.requireNonNullElse(HttpStatus.resolve(status), HttpStatus.INTERNAL_SERVER_ERROR);
    }

    /** Serves the error page of a request that a filter or the container gave up. */
    @Hidden
    @Controller
    static class ErrorPage implements ErrorController {

        @RequestMapping("/error")
        void write(HttpServletRequest request, HttpServletResponse response) throws IOException {
            Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
            // Without a status a client requested this page itself, which is not part of the API.
            Problem.of(status instanceof Integer code ? resolve(code) : HttpStatus.NOT_FOUND)
                    .write(response);
        }
    }

    /** Sets the response of requests that Tomcat rejects before any filter: an invalid path, invalid HTTP. */
    @Component
    static class Rejections implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addContextCustomizers(
                    context -> ((StandardHost) context.getParent()).setErrorReportValveClass(Valve.class.getName()));
        }
    }

    /** Tomcat creates it by its name. */
    public static final class Valve extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, Throwable failure) {
            int status = response.getStatus();
            if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            try {
                response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
                response.getReporter().write(Problem.of(resolve(status)).json());
                response.finishResponse();
            } catch (IOException | IllegalStateException _) {
                // The client has gone, or the response is already on its way.
            }
        }
    }
}
