/// What has been accepted, in its one order: from the log, or from the database where the log has a gap.
@NullMarked
package dev.rookery.broadcast.feed;

import org.jspecify.annotations.NullMarked;
