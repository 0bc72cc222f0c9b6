package dev.rekindle.postgres;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** One statement of a transaction that goes to the server as a whole. */
interface Step {
    String sql();

    /** Sets its parameters from this index on, and returns the index after them. */
    int bind(PreparedStatement statement, int first) throws SQLException;

    /** Takes the rows that came back, if the statement gives any. */
    default void take(ResultSet rows) throws SQLException {}
}
