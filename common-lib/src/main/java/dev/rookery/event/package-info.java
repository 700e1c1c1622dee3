/// The event of NIP-01: its parts, its one canonical form, its id, and the strict reader.
@NullMarked
package dev.rookery.event;

import org.jspecify.annotations.NullMarked;
