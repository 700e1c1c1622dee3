package dev.rookery.query.plan;

import dev.rookery.filter.Filter;

/// How one filter is answered.
///
/// @param limit how many events at most
public record FilterPlan(Filter filter, int limit, Sources sources, Residual residual) {}
