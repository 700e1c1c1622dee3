/// The links of gateways: what they have registered, and what is delivered to them.
@NullMarked
package dev.rookery.broadcast.link;

import org.jspecify.annotations.NullMarked;
