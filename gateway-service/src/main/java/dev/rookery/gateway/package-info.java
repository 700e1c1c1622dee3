/// The gateway: the one address that the world sees.
@NullMarked
package dev.rookery.gateway;

import org.jspecify.annotations.NullMarked;
