/// What the gateway shows over HTTP: the upgrade to WebSocket, the relay's NIP-11 document, and a page for people.
@NullMarked
package dev.rookery.gateway.face;

import org.jspecify.annotations.NullMarked;
