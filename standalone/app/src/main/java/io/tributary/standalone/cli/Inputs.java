package io.tributary.standalone.cli;

import java.io.InputStream;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a command other than its arguments.
 *
 * @param standardInput read by one command, once
 * @param environment the value of a variable; null: not set
 */
record Inputs(InputStream standardInput, UnaryOperator<@Nullable String> environment) {

    static Inputs ofProcess() {
        return new Inputs(System.in, System::getenv);
    }
}
