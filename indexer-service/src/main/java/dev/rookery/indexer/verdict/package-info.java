/// The fourth step of an event: its gateway is told.
@NullMarked
package dev.rookery.indexer.verdict;

import org.jspecify.annotations.NullMarked;
