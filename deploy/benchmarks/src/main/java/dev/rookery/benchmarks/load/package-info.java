/// A small load run against a relay that is already there: publishing, asking, fan-out.
@NullMarked
package dev.rookery.benchmarks.load;

import org.jspecify.annotations.NullMarked;
