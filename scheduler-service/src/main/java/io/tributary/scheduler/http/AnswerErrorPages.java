package io.tributary.scheduler.http;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers with a problem where a filter or the container gave up on a request. */
@Hidden
@Controller
class AnswerErrorPages implements ErrorController {

    private final WriteProblem problems;

    AnswerErrorPages(WriteProblem problems) {
        this.problems = problems;
    }

    @RequestMapping("/error")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        // Without a status somebody asked for this page itself, which is nobody's.
        var resolved = status instanceof Integer code ? HttpStatus.resolve(code) : HttpStatus.NOT_FOUND;
        problems.write(response, Problem.of(Objects.requireNonNullElse(resolved, HttpStatus.INTERNAL_SERVER_ERROR)));
    }
}
