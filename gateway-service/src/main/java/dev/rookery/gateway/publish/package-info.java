/// The way of an EVENT: policy, signature, log, and what became of it.
@NullMarked
package dev.rookery.gateway.publish;

import org.jspecify.annotations.NullMarked;
