/// How much one client, one author and one message may have.
@NullMarked
package dev.rookery.gateway.limits;

import org.jspecify.annotations.NullMarked;
