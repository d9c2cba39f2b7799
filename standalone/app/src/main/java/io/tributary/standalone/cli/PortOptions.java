package io.tributary.standalone.cli;

import io.tributary.standalone.ServerPorts;
import picocli.CommandLine.Option;

/** On which ports the servers listen. */
final class PortOptions {

    @Option(names = "--port", paramLabel = "N", defaultValue = "${env:TRIBUTARY_PORT:-18080}", description = "API")
    private int api;

    @Option(
            names = "--kafka-port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_KAFKA_PORT:-19092}",
            description = "Kafka")
    private int kafka;

    @Option(
            names = "--postgres-port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_POSTGRES_PORT:-15432}",
            description = "Postgres")
    private int postgres;

    @Option(
            names = "--registry-port",
            paramLabel = "N",
            defaultValue = "${env:TRIBUTARY_REGISTRY_PORT:-18081}",
            description = "schema registry")
    private int registry;

    ServerPorts ports() {
        return new ServerPorts(api, kafka, postgres, registry);
    }
}
