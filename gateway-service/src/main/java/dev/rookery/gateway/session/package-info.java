/// What is said on a connection: each message read, bounded and answered.
@NullMarked
package dev.rookery.gateway.session;

import org.jspecify.annotations.NullMarked;
