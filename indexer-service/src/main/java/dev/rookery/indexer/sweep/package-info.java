/// The removal of what nobody is shown any more.
@NullMarked
package dev.rookery.indexer.sweep;

import org.jspecify.annotations.NullMarked;
