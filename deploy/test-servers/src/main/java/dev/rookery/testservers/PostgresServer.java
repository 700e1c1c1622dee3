package dev.rookery.testservers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// @param address `host:port`
/// @param running what to close at the end
record PostgresServer(String address, String user, String password, AutoCloseable running) implements AutoCloseable {

    TestPostgres newDatabase(String name) {
        TestPostgres administration = database("postgres");
        try (Connection connection = DriverManager.getConnection(administration.jdbcUrl(), user, password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE \"" + name + "\"");
        } catch (SQLException failure) {
            throw new IllegalStateException("Could not create database " + name, failure);
        }
        return database(name);
    }

    private TestPostgres database(String name) {
        String path = "postgresql://" + address + "/" + name;
        return new TestPostgres(name, "jdbc:" + path, "r2dbc:" + path, user, password);
    }

    @Override
    public void close() throws Exception {
        running.close();
    }
}
