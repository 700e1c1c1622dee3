/// How far this gateway has told anyone that the one order of decisions goes.
@NullMarked
package dev.rookery.gateway.position;

import org.jspecify.annotations.NullMarked;
