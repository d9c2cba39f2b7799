package io.tributary.standalone.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings. Columns are as wide as they need to be; what exceeds the terminal is taken from one of them. */
final class Table {

    private static final String INDENT = "  ";
    private static final String GAP = "  ";
    private static final int NONE = -1;

    private final List<List<String>> rows = new ArrayList<>();
    private final int flexible;

    /**
     * A table.
     *
     * @param flexible index of the column that is cut when there is no room
     */
    Table(int flexible, String... headings) {
        this.flexible = flexible;
        rows.add(List.of(headings));
    }

    /** A table that is as wide as it needs to be, whatever the terminal has: nothing of it is cut. */
    static Table uncut(String... headings) {
        return new Table(NONE, headings);
    }

    void row(String... cells) {
        rows.add(List.of(cells).stream().map(Text::printable).toList());
    }

    void print(Terminal terminal) {
        int[] widths = widths(terminal.columns());
        for (int i = 0; i < rows.size(); i++) {
            String line = line(rows.get(i), widths);
            terminal.line(i == 0 ? terminal.faint(line) : line);
        }
    }

    private int[] widths(int columns) {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], Text.width(row.get(i)));
            }
        }
        if (flexible == NONE) {
            return widths;
        }
        int excess = INDENT.length() - columns;
        for (int width : widths) {
            excess += width + GAP.length();
        }
        if (excess - GAP.length() > 0) {
            widths[flexible] = Math.max(8, widths[flexible] - excess + GAP.length());
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        var line = new StringBuilder(INDENT);
        for (int i = 0; i < widths.length; i++) {
            line.append(Text.fit(cells.get(i), widths[i])).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
