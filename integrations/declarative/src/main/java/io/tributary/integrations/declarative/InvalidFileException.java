package io.tributary.integrations.declarative;

import java.util.List;
import java.util.stream.Collectors;

/** A file does not describe an integration. Its message has a line for each problem, {@code file:line:column: what}. */
public final class InvalidFileException extends Exception {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    InvalidFileException(String file, List<Problem> problems) {
        super(problems.stream()
                .sorted()
                .map(problem -> file + ":" + problem)
                .distinct()
                .collect(Collectors.joining("\n")));
        this.problems = problems.stream().sorted().distinct().toList();
    }

    /** What is wrong, in the order of the file; at least one. */
    public List<Problem> problems() {
        return problems;
    }
}
