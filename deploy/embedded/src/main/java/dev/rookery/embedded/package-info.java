/// Real servers for one machine: Kafka in this process, PostgreSQL and Redis as child processes, each with all that
/// it owns under one directory. No server installs a shutdown hook: who starts them decides in which order they end.
@NullMarked
package dev.rookery.embedded;

import org.jspecify.annotations.NullMarked;
