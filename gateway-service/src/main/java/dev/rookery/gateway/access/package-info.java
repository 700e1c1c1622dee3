/// NIP-42 and what depends on it: which keys a client has proven, and what it may do with them.
@NullMarked
package dev.rookery.gateway.access;

import org.jspecify.annotations.NullMarked;
