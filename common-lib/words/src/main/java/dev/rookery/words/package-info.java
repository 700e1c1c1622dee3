/// Full text: which words an event has, and which words a search asks for, cut in the same way.
@NullMarked
package dev.rookery.words;

import org.jspecify.annotations.NullMarked;
