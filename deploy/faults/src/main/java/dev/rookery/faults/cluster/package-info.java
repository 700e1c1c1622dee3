/// The suite as processes of its own with their servers, joined by proxies.
@NullMarked
package dev.rookery.faults.cluster;

import org.jspecify.annotations.NullMarked;
