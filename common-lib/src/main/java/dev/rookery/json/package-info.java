/// Strict JSON straight from UTF-8 bytes, without a tree; and the canonical spelling of strings.
@NullMarked
package dev.rookery.json;

import org.jspecify.annotations.NullMarked;
