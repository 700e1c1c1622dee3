/// Load for any relay, and what it costs: published, asked for, delivered, and left idle.
@NullMarked
package dev.rookery.load;

import org.jspecify.annotations.NullMarked;
