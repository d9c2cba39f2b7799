package io.tributary.standalone.cli;

/** The script that started this process. */
final class Script {

    private Script() {}

    /** As the person called it, so that what is to be called next can be copied; {@code ./tributary} when it is not known. */
    static String name() {
        return System.getProperty("tributary.script", "./tributary");
    }
}
