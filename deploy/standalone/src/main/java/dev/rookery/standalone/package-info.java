/// The whole suite in one JVM, with its servers: the same services, wired together by settings.
@NullMarked
package dev.rookery.standalone;

import org.jspecify.annotations.NullMarked;
