/// Servers for integration tests, one start of each per JVM, and the rules that every service's tests check.
///
/// `-Drookery.test.servers=embedded` (the default) runs them from Maven artifacts, `containers` with Testcontainers.
@NullMarked
package dev.rookery.testservers;

import org.jspecify.annotations.NullMarked;
