package io.tributary.scheduler.api;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.Problem;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import java.util.stream.Stream;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** The description of the API at /v3/api-docs, built by the first request for it. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String BEARER = "bearer";

    static {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class, PageRequest.class)
                .replaceWithClass(JsonNode.class, Object.class);
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Tributary")
                        .version("v1")
                        .description("Connects accounts, syncs them, and shows their content. Users see their own rows,"
                                + " tokens with the scope operator see all rows. Errors are RFC 9457 problems with"
                                + " a stable code."))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
    }

    /** The parameters of a {@link PageRequest}. */
    @Bean
    OperationCustomizer pages() {
        return (operation, method) -> {
            if (Stream.of(method.getMethodParameters())
                    .anyMatch(parameter -> parameter.getParameterType() == PageRequest.class)) {
                var limit = new IntegerSchema()._default(PageRequest.DEFAULT_LIMIT);
                operation.addParametersItem(optional("limit", limit));
                operation.addParametersItem(optional("cursor", new StringSchema()));
            }
            return operation;
        };
    }

    private static Parameter optional(String name, Schema<?> schema) {
        return new QueryParameter().name(name).required(false).schema(schema);
    }

    /** The problems that only the code of a method shows. */
    @Bean
    OperationCustomizer annotatedProblems() {
        return (operation, method) -> {
            ProblemStatuses statuses = method.getMethodAnnotation(ProblemStatuses.class);
            if (statuses != null) {
                for (HttpStatus status : statuses.value()) {
                    problem(operation, status, true);
                }
            }
            return operation;
        };
    }

    /** The problems that follow from the kind of a call, and the header of all POST calls. */
    @Bean
    OpenApiCustomizer problems() {
        return api -> {
            ModelConverters.getInstance(true).readAll(Problem.class).forEach(api.getComponents()::addSchemas);
            api.getPaths()
                    .forEach((path, item) ->
                            item.readOperationsMap().forEach((method, operation) -> describe(path, method, operation)));
        };
    }

    private static void describe(String path, HttpMethod method, Operation operation) {
        boolean takesBody = operation.getRequestBody() != null;
        boolean posts = method == HttpMethod.POST;
        if (posts) {
            operation.addParametersItem(new HeaderParameter()
                    .name("Idempotency-Key")
                    .required(false)
                    .schema(new StringSchema().minLength(1).maxLength(255))
                    .description("A repeated request with the same key gets the first response for 24 hours"));
        }
        boolean takesParameters = operation.getParameters() != null;
        problem(operation, HttpStatus.UNAUTHORIZED, true);
        problem(operation, HttpStatus.NOT_ACCEPTABLE, true);
        problem(operation, HttpStatus.TOO_MANY_REQUESTS, true);
        problem(operation, HttpStatus.SERVICE_UNAVAILABLE, true);
        problem(operation, HttpStatus.BAD_REQUEST, takesParameters || takesBody);
        problem(operation, HttpStatus.NOT_FOUND, path.contains("{") || takesBody);
        problem(operation, HttpStatus.CONFLICT, method != HttpMethod.GET);
        problem(operation, HttpStatus.PRECONDITION_FAILED, hasParameter(operation, "If-Match"));
        problem(operation, HttpStatus.CONTENT_TOO_LARGE, method != HttpMethod.GET);
        problem(operation, HttpStatus.UNSUPPORTED_MEDIA_TYPE, takesBody);
        problem(operation, HttpStatus.UNPROCESSABLE_CONTENT, posts || takesBody);
    }

    private static boolean hasParameter(Operation operation, String name) {
        return operation.getParameters() != null
                && operation.getParameters().stream().anyMatch(parameter -> name.equals(parameter.getName()));
    }

    private static void problem(Operation operation, HttpStatus status, boolean possible) {
        if (possible) {
            operation
                    .getResponses()
                    .addApiResponse(
                            Integer.toString(status.value()),
                            new ApiResponse()
                                    .description(status.getReasonPhrase())
                                    .content(new Content()
                                            .addMediaType(
                                                    "application/problem+json",
                                                    new MediaType()
                                                            .schema(new Schema<>()
                                                                    .$ref("#/components/schemas/Problem")))));
        }
    }
}
