/// How a filter is answered: from which ranges of which index, read how far, merged in which order. Knows no database.
@NullMarked
package dev.rookery.query.plan;

import org.jspecify.annotations.NullMarked;
