package io.tributary.integrations.declarative;

/**
 * Something wrong in a file.
 *
 * @param line where, from 1
 * @param column where, from 1
 * @param message what is wrong and what to do about it
 */
public record Problem(int line, int column, String message) implements Comparable<Problem> {

    @Override
    public int compareTo(Problem other) {
        return line == other.line ? Integer.compare(column, other.column) : Integer.compare(line, other.line);
    }

    @Override
    public String toString() {
        return line + ":" + column + ": " + message;
    }
}
