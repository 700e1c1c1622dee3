/// Where gateways link in: requests by number over one WebSocket, their answers as fast as each is taken.
@NullMarked
package dev.rookery.query.link;

import org.jspecify.annotations.NullMarked;
