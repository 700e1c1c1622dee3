/// The first step of an event: the lanes it is read from, and where each is read on.
@NullMarked
package dev.rookery.indexer.lane;

import org.jspecify.annotations.NullMarked;
