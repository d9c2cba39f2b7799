package io.tributary.standalone.cli;

import io.tributary.standalone.ServerPorts;
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

    ServerPorts ports() {
        return new ServerPorts(api, kafka, postgres, registry);
    }
}
