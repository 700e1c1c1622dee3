/// The way of a REQ: stored events joined to live ones, each sent once.
@NullMarked
package dev.rookery.gateway.subscription;

import org.jspecify.annotations.NullMarked;
