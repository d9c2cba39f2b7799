package io.tributary.standalone.cli;

import io.tributary.standalone.DataDir;
import java.util.logging.LogManager;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Everything that is logged goes to a file of the data folder; the console is for what a person needs. */
final class Logging {

    private Logging() {}

    /** To be called before the first class that logs is loaded; later it has no effect. */
    static void to(DataDir dataDir) {
        System.setProperty("tributary.log", dataDir.log().toString()); // read by logback.xml
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none"); // three contexts share it
        LogManager.getLogManager().reset();
        SLF4JBridgeHandler.install();
    }
}
