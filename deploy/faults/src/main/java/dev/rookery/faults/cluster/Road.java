package dev.rookery.faults.cluster;

/// A way from one node to another, in the direction in which connections are opened.
public record Road(String from, String to) {}
