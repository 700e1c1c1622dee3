/// What the protocol's parts cost. Each benchmark's unit is one event.
@NullMarked
package dev.rookery.benchmarks;

import org.jspecify.annotations.NullMarked;
