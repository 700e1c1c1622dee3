/// WebSocket connections: frames in and out, their bounds, and their end.
@NullMarked
package dev.rookery.gateway.connection;

import org.jspecify.annotations.NullMarked;
