package dev.rookery.indexer.search;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What can be searched; to be the same for query-service.
///
/// By default: profiles, notes, threads, pictures and videos, channels and their messages, files, comments, issues,
/// highlights, articles, listings, repositories, wiki pages, events of a calendar, communities. Drafts (30024) are not
/// for others to find, reactions and lists have no text, and what is encrypted has none to read.
///
/// @param kinds whose text is written to the index from now on; what is in it stays
@ConfigurationProperties("relay.search")
public record SearchProperties(
        @DefaultValue({
            "0", "1", "11", "20", "21", "22", "40", "41", "42", "1063", "1111", "1621", "9802", "30023", "30402",
            "30617", "30818", "31922", "31923", "34235", "34236", "34550"
        })
        Set<Integer> kinds) {}
