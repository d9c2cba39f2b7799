package io.tributary.scheduler.userintegrations;

import io.swagger.v3.oas.annotations.Operation;
import io.tributary.scheduler.http.IfMatch;
import io.tributary.scheduler.http.Page;
import io.tributary.scheduler.http.PageRequest;
import io.tributary.scheduler.http.ProblemStatuses;
import io.tributary.scheduler.security.Caller;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Connected accounts. */
@RestController
@RequestMapping(path = UserIntegrationController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
record UserIntegrationController(
        CreateUserIntegration create,
        UserIntegrationTable table,
        ChangeUserIntegration change,
        DeleteUserIntegration delete) {

    static final String PATH = "/v1/user-integrations";

    @ProblemStatuses(HttpStatus.FORBIDDEN)
    @Operation(operationId = "createUserIntegration", summary = "Connect an account")
    @ResponseStatus(HttpStatus.CREATED)
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<UserIntegration> create(@RequestBody NewUserIntegration request, Caller caller) {
        var created = create.create(request, caller);
        return ResponseEntity.created(URI.create(PATH + "/" + created.id()))
                .eTag(IfMatch.tag(created.version()))
                .body(created);
    }

    @Operation(operationId = "listUserIntegrations", summary = "List accounts, by id")
    @GetMapping
    Page<UserIntegration> list(PageRequest page, Caller caller) {
        return table.list(page, caller);
    }

    @Operation(operationId = "getUserIntegration", summary = "Show an account")
    @GetMapping("/{id}")
    UserIntegration get(@PathVariable UUID id, HttpServletResponse response, Caller caller) {
        return tagged(table.get(id, caller), response);
    }

    @Operation(
            operationId = "changeUserIntegration",
            summary = "Change an account; new credentials or config reconnect it")
    @PatchMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    UserIntegration change(
            @PathVariable UUID id,
            @RequestBody UserIntegrationChange request,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            HttpServletResponse response,
            Caller caller) {
        return tagged(change.change(id, request, new IfMatch(ifMatch), caller), response);
    }

    // The tag covers the settings and not the values that syncs change: so caches cannot use it as a validator.
    private static UserIntegration tagged(UserIntegration userIntegration, HttpServletResponse response) {
        response.setHeader("ETag", IfMatch.tag(userIntegration.version()));
        return userIntegration;
    }

    @Operation(operationId = "deleteUserIntegration", summary = "Remove an account with its runs and content")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(
            @PathVariable UUID id,
            @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
            Caller caller) {
        delete.delete(id, new IfMatch(ifMatch), caller);
    }
}
