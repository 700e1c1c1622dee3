/// The schema `events`, which this service owns.
@NullMarked
package dev.rookery.indexer.schema;

import org.jspecify.annotations.NullMarked;
