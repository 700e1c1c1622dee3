/// What is done now and then, on one thread.
@NullMarked
package dev.rookery.indexer.chore;

import org.jspecify.annotations.NullMarked;
