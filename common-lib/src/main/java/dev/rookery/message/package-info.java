/// What clients say to a relay, what a relay says to clients, and verdicts on events.
@NullMarked
package dev.rookery.message;

import org.jspecify.annotations.NullMarked;
