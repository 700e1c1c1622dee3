/// Answers to requests: from filters to pages, by the rules of one snapshot.
@NullMarked
package dev.rookery.query.answer;

import org.jspecify.annotations.NullMarked;
