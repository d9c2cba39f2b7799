package io.tributary.pipeline;

/**
 * A right of a service on the database.
 *
 * @param service {@code scheduler}, {@code worker} or {@code sink}
 * @param kind as in {@code grant}, such as {@code SELECT}, {@code EXECUTE} or {@code USAGE}
 * @param object a table, a view, a function with its arguments, or a schema
 * @param column where the right is to one column of a table; empty: to all of it
 */
record DatabaseRight(String service, String kind, String object, String column) {

    /** The same right, to all columns. */
    DatabaseRight ofTable() {
        return new DatabaseRight(service, kind, object, "");
    }

    /** The part of {@code grant} and {@code revoke} between the verb and the role. */
    String sql() {
        return switch (kind) {
            case "EXECUTE" -> "execute on function " + object;
            case "USAGE" -> "usage on schema " + object;
            default -> kind + (column.isEmpty() ? "" : " (" + column + ")") + " on " + object;
        };
    }

    /** As people write it, with the service. */
    @Override
    public String toString() {
        return service + ": " + sql();
    }
}
