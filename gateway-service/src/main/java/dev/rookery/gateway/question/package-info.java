/// What a connection asks the store beside its subscriptions: how many there are, and what differs.
@NullMarked
package dev.rookery.gateway.question;

import org.jspecify.annotations.NullMarked;
