package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import io.tributary.standalone.Endpoints;

/** Tells a person where everything is, and what to do next. */
record Guide(Terminal terminal) {

    void printPlaces(Endpoints endpoints, DataDir dataDir) {
        terminal.title("Where everything is");
        entry("API", endpoints.api());
        entry("OpenAPI", endpoints.openApi());
        entry("webhooks", endpoints.edge());
        entry("token", "./tributary token [--user U] [--org O] [--org-admin | --operator]" + dataDirOption(dataDir));
        entry("Kafka", endpoints.kafka());
        entry("registry", endpoints.registry());
        entry("Postgres", endpoints.postgres());
        entry("", "psql " + endpoints.postgresUri());
        entry("data", dataDir.path().toString());
        entry("log", dataDir.log().toString());
    }

    void printOwnMailbox() {
        terminal.title("Sync a mailbox of your own");
        terminal.line("  ./tributary sync imap --host imap.example.com --username you@example.com");
    }

    void printHowToStop() {
        terminal.line();
        terminal.line("Running. Ctrl-C stops it; ./tributary up finds everything again.");
    }

    private void entry(String name, String value) {
        terminal.line("  " + terminal.faint(Text.pad(name, 10)) + value);
    }

    private static String dataDirOption(DataDir dataDir) {
        boolean usual = dataDir.path().endsWith(".tributary");
        return usual ? "" : " --data-dir " + dataDir.path();
    }
}
