package dev.rookery.embedded;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One door of the broker, whose clients are told that the broker is somewhere else: at whatever stands in front of it.
///
/// @param name letters and digits, in capitals
/// @param port where the broker listens
/// @param advertisedPort where its clients are sent to
public record KafkaListener(String name, int port, int advertisedPort) {

    private static final String HOST = "://127.0.0.1:";

    public KafkaListener {
        if (!name.matches("[A-Z0-9]+")) {
            throw new IllegalArgumentException("No name of a listener: " + name);
        }
    }

    /// As written on a command line: `NAME=port=advertised port`.
    static KafkaListener parse(String text) {
        String[] parts = text.split("=", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("No listener: " + text);
        }
        return new KafkaListener(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        return name + "=" + port + "=" + advertisedPort;
    }

    /// @param port that of the listener for clients which nothing stands before
    static Map<String, String> settings(int port, int controllerPort, List<KafkaListener> further) {
        StringBuilder listening = new StringBuilder("PLAINTEXT" + HOST + port + ",CONTROLLER" + HOST + controllerPort);
        StringBuilder advertised = new StringBuilder("PLAINTEXT" + HOST + port);
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        for (KafkaListener listener : further) {
            listening.append(',').append(listener.name).append(HOST).append(listener.port);
            advertised.append(',').append(listener.name).append(HOST).append(listener.advertisedPort);
            protocols.append(',').append(listener.name).append(":PLAINTEXT");
        }
        Map<String, String> settings = new HashMap<>();
        settings.put("listeners", listening.toString());
        settings.put("advertised.listeners", advertised.toString());
        settings.put("listener.security.protocol.map", protocols.toString());
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        return settings;
    }
}
