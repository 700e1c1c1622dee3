package dev.rookery.query.plan;

import dev.rookery.filter.Filter;
import java.util.List;

/// How one filter is answered.
///
/// @param sources several kinds where no single one holds all; their keys are merged
public record FilterPlan(Filter filter, List<Sources> sources, Residual residual) {}
