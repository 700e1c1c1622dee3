/// The second step of an event: read from its record, checked, prepared, and put into a batch without conflicts.
@NullMarked
package dev.rookery.indexer.batch;

import org.jspecify.annotations.NullMarked;
