package io.tributary.scheduler.http;

import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.tributary.scheduler.security.Caller;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** The description of the API at /v3/api-docs; made when it is first asked for. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String BEARER = "bearer";

    /** Calls that are refused to some callers as such, and not by what they name. */
    private static final Set<String> FOR_SOME =
            Set.of("createUserIntegration", "replay", "listAuditLog", "listCredentialKeys");

    /** The call that asks somebody else on the way, and changes something although it is a GET. */
    private static final String CALLBACK = "completeAuthorization";

    static {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class)
                .replaceWithClass(JsonNode.class, Object.class);
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Tributary")
                        .version("v1")
                        .description("Connects accounts, syncs them, and shows what landed. Users see their own rows,"
                                + " tokens with the scope operator everyone's. Errors are RFC 9457 problems with a"
                                + " stable code."))
                .components(new Components()
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .bearerFormat("JWT")))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
    }

    /** Which problems a call may answer with, and the headers that all calls of a kind have. */
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
        boolean callsBack = CALLBACK.equals(operation.getOperationId());
        if (posts) {
            operation.addParametersItem(new HeaderParameter()
                    .name("Idempotency-Key")
                    .required(false)
                    .schema(new StringSchema().minLength(1).maxLength(255))
                    .description("Sent again with the same one within 24 hours, the request is answered as it was"));
        }
        boolean takesParameters = operation.getParameters() != null;
        problem(operation, HttpStatus.UNAUTHORIZED, true);
        problem(operation, HttpStatus.NOT_ACCEPTABLE, true);
        problem(operation, HttpStatus.TOO_MANY_REQUESTS, true);
        problem(operation, HttpStatus.SERVICE_UNAVAILABLE, true);
        problem(operation, HttpStatus.BAD_REQUEST, takesParameters || takesBody);
        problem(operation, HttpStatus.FORBIDDEN, FOR_SOME.contains(operation.getOperationId()));
        problem(
                operation,
                HttpStatus.NOT_FOUND,
                path.contains("{") || takesBody || callsBack || path.endsWith("-content"));
        problem(operation, HttpStatus.CONFLICT, method != HttpMethod.GET || callsBack);
        problem(operation, HttpStatus.BAD_GATEWAY, callsBack);
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
