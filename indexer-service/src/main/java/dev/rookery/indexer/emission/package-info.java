/// The last step of an event: if accepted it goes to the readers of everything, for certain.
@NullMarked
package dev.rookery.indexer.emission;

import org.jspecify.annotations.NullMarked;
