/// What the suite's servers have stored, and how it goes back: restored, copied, deleted, cut short.
@NullMarked
package dev.rookery.faults.store;

import org.jspecify.annotations.NullMarked;
