package io.tributary.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a running instance can be reached; it writes this to its data folder, so that other commands find it.
 *
 * @param pid of the process
 * @param api base URL of the HTTP API
 * @param edge base URL at which providers send webhooks
 * @param kafka bootstrap servers
 * @param postgres JDBC URL of the database
 * @param postgresUser owner of the database
 * @param postgresPassword of that user
 * @param registry URL of the schema registry's Confluent API
 */
public record Endpoints(
        long pid,
        String api,
        String edge,
        String kafka,
        String postgres,
        String postgresUser,
        String postgresPassword,
        String registry) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public String openApi() {
        return api + "/v3/api-docs";
    }

    /** How psql and other libpq programs name the database. */
    public String postgresUri() {
        String place = postgres.substring("jdbc:postgresql://".length());
        return "postgresql://" + postgresUser + ":" + postgresPassword + "@" + place;
    }

    void write(DataDir dataDir) {
        dataDir.writePrivately(
                dataDir.endpoints(), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /** Of the instance that runs on the data folder; none when there is none. */
    public static Optional<Endpoints> ofRunning(DataDir dataDir) {
        try {
            var endpoints = JSON.readValue(Files.readString(dataDir.endpoints()), Endpoints.class);
            return ProcessHandle.of(endpoints.pid()).isPresent() ? Optional.of(endpoints) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException e) {
            throw new UserError(
                    "cannot read " + dataDir.endpoints() + " (" + e.getMessage() + "): delete it if nothing runs there",
                    e);
        }
    }

    static void delete(DataDir dataDir) {
        try {
            Files.deleteIfExists(dataDir.endpoints());
        } catch (IOException e) {
            throw new UserError("cannot delete " + dataDir.endpoints() + " (" + e.getMessage() + ")", e);
        }
    }
}
