package dev.rookery.indexer.postgres;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.PGConnection;

/// Sets a statement's parameters, one after the other. Arrays of numbers and of bytes travel in binary.
public final class Arguments {

    private final PreparedStatement statement;
    private final PGConnection connection;
    private int count;

    public Arguments(PreparedStatement statement) throws SQLException {
        this.statement = statement;
        this.connection = statement.getConnection().unwrap(PGConnection.class);
    }

    public Arguments number(long value) throws SQLException {
        statement.setLong(++count, value);
        return this;
    }

    public Arguments text(String value) throws SQLException {
        statement.setString(++count, value);
        return this;
    }

    public Arguments texts(String[] values) throws SQLException {
        return array(connection.createArrayOf("text", values));
    }

    public Arguments uuids(UUID[] values) throws SQLException {
        return array(connection.createArrayOf("uuid", values));
    }

    public Arguments shorts(short[] values) throws SQLException {
        return array(connection.createArrayOf("int2", values));
    }

    public Arguments integers(int[] values) throws SQLException {
        return array(connection.createArrayOf("int4", values));
    }

    public Arguments longs(long[] values) throws SQLException {
        return array(connection.createArrayOf("int8", values));
    }

    public Arguments bytes(byte[][] values) throws SQLException {
        return array(connection.createArrayOf("bytea", values));
    }

    private Arguments array(Array array) throws SQLException {
        statement.setArray(++count, array);
        return this;
    }
}
