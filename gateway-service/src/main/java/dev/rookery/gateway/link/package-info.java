/// The gateway's links to query-service and broadcast-service.
@NullMarked
package dev.rookery.gateway.link;

import org.jspecify.annotations.NullMarked;
