/// Connections to PostgreSQL, one for each thread that needs one.
@NullMarked
package dev.rookery.indexer.postgres;

import org.jspecify.annotations.NullMarked;
