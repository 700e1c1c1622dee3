/// A client of the relay, as others write it.
@NullMarked
package dev.rookery.client;

import org.jspecify.annotations.NullMarked;
