package dev.rookery.query.stored;

/// One server that tells what is stored, and as whom it is asked.
public record ViewServer(String host, int port, String database, String user, String password) {

    /// The same database on another server.
    ///
    /// @param address `host` or `host:port`; an IPv6 address in brackets
    public ViewServer at(String address) {
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon > address.lastIndexOf(']') && colon > 0;
        String name = hasPort ? address.substring(0, colon) : address;
        int otherPort = hasPort ? Integer.parseInt(address.substring(colon + 1)) : port;
        return new ViewServer(name.replaceAll("[\\[\\]]", ""), otherPort, database, user, password);
    }

    /// Without the password.
    @Override
    public String toString() {
        return "ViewServer[%s@%s:%d/%s]".formatted(user, host, port, database);
    }
}
