/// NIP-77: the bytes of Negentropy, version 1, and how its messages are answered. Knows no database.
@NullMarked
package dev.rookery.query.negentropy;

import org.jspecify.annotations.NullMarked;
