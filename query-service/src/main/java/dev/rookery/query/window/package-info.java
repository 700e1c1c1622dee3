/// The hot window: the newest part of the store in memory, complete for its time range, fed in the one order. Most
/// requests are answered from it and never reach the database.
@NullMarked
package dev.rookery.query.window;

import org.jspecify.annotations.NullMarked;
