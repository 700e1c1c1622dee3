/// What gateways say to query-service and broadcast-service, and what they answer, over one WebSocket each.
@NullMarked
package dev.rookery.link;

import org.jspecify.annotations.NullMarked;
