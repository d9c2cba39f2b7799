package io.tributary.standalone.cli;

import io.tributary.standalone.ServerPorts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On which ports the servers listen. */
final class PortOptions {

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_PORT:-18080}",
            description = "Port of the HTTP API on 127.0.0.1; 0: any free one. Environment: TRIBUTARY_PORT.")
    private int api;

    @Option(
            names = "--kafka-port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_KAFKA_PORT:-19092}",
            description = "Port of Kafka on 127.0.0.1; 0: any free one. Environment: TRIBUTARY_KAFKA_PORT.")
    private int kafka;

    @Option(
            names = "--postgres-port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_POSTGRES_PORT:-15432}",
            description = "Port of Postgres on 127.0.0.1; 0: any free one. Environment: TRIBUTARY_POSTGRES_PORT.")
    private int postgres;

    @Option(
            names = "--registry-port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_REGISTRY_PORT:-18081}",
            description =
                    "Port of the schema registry on 127.0.0.1; 0: any free one. Environment: TRIBUTARY_REGISTRY_PORT.")
    private int registry;

    @Option(
            names = "--edge-port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_EDGE_PORT:-" + Option.NULL_VALUE + "}",
            description =
                    "Port of the edge, which takes webhooks, on 127.0.0.1; 0: any free one. Default: 18083, or any"
                            + " free one with --port 0. Environment: TRIBUTARY_EDGE_PORT.")
    private @Nullable Integer edge;

    ServerPorts ports() {
        int usual = api == 0 ? 0 : ServerPorts.DEFAULTS.edge();
        return new ServerPorts(api, Objects.requireNonNullElse(edge, usual), kafka, postgres, registry);
    }
}
