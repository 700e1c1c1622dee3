/// What happens while a store cannot be reached.
@NullMarked
package dev.rookery.indexer.outage;

import org.jspecify.annotations.NullMarked;
