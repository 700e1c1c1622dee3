/// Full text: words of stored events, written beside and after their decision.
@NullMarked
package dev.rookery.indexer.search;

import org.jspecify.annotations.NullMarked;
