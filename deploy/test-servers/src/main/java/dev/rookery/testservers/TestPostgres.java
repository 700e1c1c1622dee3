package dev.rookery.testservers;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// A test class's own, empty database.
///
/// @param database its name
/// @param jdbcUrl without user and password
/// @param r2dbcUrl without user and password
/// @param user a superuser
/// @param password the user's
public record TestPostgres(String database, String jdbcUrl, String r2dbcUrl, String user, String password) {

    public String host() {
        return address().getHost();
    }

    public int port() {
        return address().getPort();
    }

    private URI address() {
        return URI.create(jdbcUrl.substring("jdbc:".length()));
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl, user, password);
    }

    /// A Flyway- or pool-friendly form: `jdbc:…?user=…&password=…`.
    public String jdbcUrlWithCredentials() {
        return jdbcUrl + "?user=" + user + "&password=" + password;
    }

    @Override
    public String toString() {
        return jdbcUrl;
    }
}
