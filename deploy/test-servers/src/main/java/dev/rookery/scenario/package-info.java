/// Events and filters for tests: real ones, and seeded random ones with the answers a plain reading of NIP-01 gives.
///
/// It knows nothing of the code under test, so that it can be its judge; what it makes is JSON.
@NullMarked
package dev.rookery.scenario;

import org.jspecify.annotations.NullMarked;
