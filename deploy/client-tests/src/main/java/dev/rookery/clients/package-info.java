/// What runs the clients, which are written in JavaScript and lie in `test`.
@NullMarked
package dev.rookery.clients;

import org.jspecify.annotations.NullMarked;
