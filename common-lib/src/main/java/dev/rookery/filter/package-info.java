/// Filters of NIP-01: reading, writing, matching, and the inverted index over many of them.
@NullMarked
package dev.rookery.filter;

import org.jspecify.annotations.NullMarked;
