/// Who is at the other end of a connection, as far as proxies in between can be trusted to say it.
@NullMarked
package dev.rookery.gateway.address;

import org.jspecify.annotations.NullMarked;
