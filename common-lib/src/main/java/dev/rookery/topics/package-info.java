/// The topics of the suite and the records on them: the contract between processes that outlives each of them.
@NullMarked
package dev.rookery.topics;

import org.jspecify.annotations.NullMarked;
