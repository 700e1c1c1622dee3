/// The rules an event must pass before it may be stored or delivered, one class for each.
@NullMarked
package dev.rookery.admission;

import org.jspecify.annotations.NullMarked;
