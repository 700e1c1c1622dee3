/// What is asked of the suite while things break, and what it must have kept.
@NullMarked
package dev.rookery.faults.load;

import org.jspecify.annotations.NullMarked;
