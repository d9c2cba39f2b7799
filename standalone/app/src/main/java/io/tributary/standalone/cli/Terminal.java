package io.tributary.standalone.cli;

import java.io.PrintStream;
import java.util.List;

/**
 * Where a command shows what it does: a terminal, where lines can be redrawn and coloured, or a file or pipe, where
 * they are printed once and plain. Used by one thread at a time.
 */
public final class Terminal {

    /** Columns of the widest output, and of one that is no terminal. */
    static final int COLUMNS = 80;

    private static final String ESCAPE = "\u001b[";

    private final PrintStream out;
    private final int columns;
    private final boolean live;
    private final boolean colours;
    private int redrawable;

    private Terminal(PrintStream out, int columns, boolean live, boolean colours) {
        this.out = out;
        this.columns = columns;
        this.live = live;
        this.colours = colours;
    }

    /**
     * A terminal.
     *
     * @param columns 20 and up; no more than 80 of them are used
     */
    public static Terminal of(PrintStream out, int columns, boolean colours) {
        return new Terminal(out, Math.clamp(columns, 20, COLUMNS), true, colours);
    }

    /** A file or pipe. */
    public static Terminal plain(PrintStream out) {
        return new Terminal(out, COLUMNS, false, false);
    }

    /** Standard output, as the script that started this process describes it. */
    static Terminal ofProcess() {
        int columns = Integer.getInteger("tributary.terminal", 0);
        return columns > 0 ? of(System.out, columns, System.getenv("NO_COLOR") == null) : plain(System.out);
    }

    int columns() {
        return columns;
    }

    boolean hasColours() {
        return colours;
    }

    /** Whether lines can be redrawn. */
    boolean isLive() {
        return live;
    }

    /** Prints a line below everything printed before. */
    public void line(String text) {
        out.println(text);
        out.flush();
        redrawable = 0;
    }

    public void line() {
        line("");
    }

    /** Prints a title with a space around it. */
    void title(String text) {
        line();
        line(strong(text));
    }

    /** Shows the lines in the place of those last drawn, when nothing was printed since. Each fits the columns. */
    void draw(List<String> lines) {
        var text = new StringBuilder();
        if (redrawable > 0) {
            text.append(ESCAPE).append(redrawable).append('A');
        }
        for (String line : lines) {
            text.append(line);
            if (live) {
                text.append(ESCAPE).append('K');
            }
            text.append('\n');
        }
        out.print(text);
        out.flush();
        redrawable = live ? lines.size() : 0;
    }

    String strong(String text) {
        return paint("1", text);
    }

    String faint(String text) {
        return paint("2", text);
    }

    String good(String text) {
        return paint("32", text);
    }

    String bad(String text) {
        return paint("31", text);
    }

    private String paint(String colour, String text) {
        return colours ? ESCAPE + colour + "m" + text + ESCAPE + "0m" : text;
    }
}
