package dev.rookery.gateway;

/// The name under which this gateway is told verdicts and ranks the instances it links to.
record GatewayId(String value) {}
