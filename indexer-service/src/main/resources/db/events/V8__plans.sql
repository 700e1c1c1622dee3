-- Asked for several times a second, also when there is nothing: to plan it anew each time would be most of the work.
alter function events.next_texts(int[], int, int) set plan_cache_mode = force_generic_plan;
