/// Where the records go that can never be decided.
@NullMarked
package dev.rookery.indexer.deadletter;

import org.jspecify.annotations.NullMarked;
