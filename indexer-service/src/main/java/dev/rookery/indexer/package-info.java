/// Decides every event in the one order, stores what is accepted, and tells everyone.
///
/// The way of an event: `lane` → `batch` → `decision` → `verdict` and `emission`; what can never be decided goes to
/// `deadletter`. [dev.rookery.indexer.IndexListener] owns that flow.
@NullMarked
package dev.rookery.indexer;

import org.jspecify.annotations.NullMarked;
