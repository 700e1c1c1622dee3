/// The stored events as the database tells them: the primary and its replicas, the statements, and their answers.
@NullMarked
package dev.rookery.query.stored;

import org.jspecify.annotations.NullMarked;
