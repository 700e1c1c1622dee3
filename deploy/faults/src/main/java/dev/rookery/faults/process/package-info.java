/// One process of the suite, and what can be done to it.
@NullMarked
package dev.rookery.faults.process;

import org.jspecify.annotations.NullMarked;
