/// The one order of decisions: its positions, outcomes and effects, and how readers follow it.
@NullMarked
package dev.rookery.order;

import org.jspecify.annotations.NullMarked;
