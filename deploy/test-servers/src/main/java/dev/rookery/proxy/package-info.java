/// What stands between two processes, and can come between them.
@NullMarked
package dev.rookery.proxy;

import org.jspecify.annotations.NullMarked;
