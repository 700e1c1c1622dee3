package dev.rookery.settings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Settings as a service has them.
///
/// @param bound some time
/// @param names some names
/// @param labels some pairs
@ConfigurationProperties("relay.probe")
record ProbeProperties(@DefaultValue("1s") Duration bound, List<String> names, Map<String, String> labels) {}
