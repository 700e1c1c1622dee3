/// The third step of an event: one round trip that decides a batch in the one order.
@NullMarked
package dev.rookery.indexer.decision;

import org.jspecify.annotations.NullMarked;
