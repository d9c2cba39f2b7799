package io.tributary.scheduler.http;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers with a problem where Tomcat refuses a request before any filter sees it: no valid path, no valid HTTP. */
@Component
class AnswerBrokenRequests implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addContextCustomizers(
                context -> ((StandardHost) context.getParent()).setErrorReportValveClass(Valve.class.getName()));
    }

    /** Made by Tomcat, by its name. */
    public static final class Valve extends ErrorReportValve {

        @Override
        protected void report(Request request, Response response, Throwable failure) {
            int status = response.getStatus();
            if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            try {
                response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
                var known = HttpStatus.resolve(status);
                var problem = Problem.of(known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known);
                response.getReporter().write(JsonMapper.shared().writeValueAsString(problem));
                response.finishResponse();
            } catch (IOException | IllegalStateException _) {
                // The client is gone, or the answer is on its way: there is nobody to tell.
            }
        }
    }
}
