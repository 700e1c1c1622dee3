/// Kafka's clients, as this service sets them.
@NullMarked
package dev.rookery.indexer.kafka;

import org.jspecify.annotations.NullMarked;
