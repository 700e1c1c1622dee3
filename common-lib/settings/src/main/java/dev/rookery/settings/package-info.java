/// What every service does with its settings: refuses those that do not exist, brings the suite's defaults, and
/// says in one line why it does not start.
@NullMarked
package dev.rookery.settings;

import org.jspecify.annotations.NullMarked;
