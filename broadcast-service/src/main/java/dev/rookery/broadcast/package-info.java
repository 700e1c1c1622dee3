/// The process that matches every accepted event against the subscriptions of its gateways.
@NullMarked
package dev.rookery.broadcast;

import org.jspecify.annotations.NullMarked;
