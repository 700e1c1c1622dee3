/// The process that answers from what is stored.
@NullMarked
package dev.rookery.query;

import org.jspecify.annotations.NullMarked;
