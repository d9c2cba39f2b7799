package io.tributary.standalone.servers;

import io.tributary.standalone.servers.ServerFailure.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** The API of a schema registry that Confluent's registry has as well, as Apicurio serves it. */
final class RegistryApi implements AutoCloseable {

    private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);

    private final String url;
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param server such as {@code http://127.0.0.1:18081} */
    RegistryApi(String server) {
        this.url = server + "/apis/ccompat/v7";
    }

    /** Base URL, to be used as {@code schema.registry.url}. */
    String url() {
        return url;
    }

    /** Whether the registry is up. */
    boolean answers() {
        try {
            return send(request("/subjects").GET()) == 200;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** The registry takes no schema from now on that is not {@code BACKWARD_TRANSITIVE} compatible. */
    void refuseIncompatibleSchemas() {
        var body = BodyPublishers.ofString("{\"compatibility\": \"BACKWARD_TRANSITIVE\"}");
        try {
            int status = send(request("/config")
                    .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .PUT(body));
            if (status != 200) {
                throw new ServerFailure(
                        Reason.START_FAILED,
                        "the schema registry answered " + status + " when its compatibility was set");
            }
        } catch (IOException e) {
            throw new ServerFailure(
                    Reason.START_FAILED, "the schema registry does not answer any more: " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path)).timeout(REQUEST_PATIENCE);
    }

    private int send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted("asking the schema registry", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
