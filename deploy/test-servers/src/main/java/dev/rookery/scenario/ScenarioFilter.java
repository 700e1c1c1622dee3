package dev.rookery.scenario;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A filter, and what NIP-01 says about it in the plainest code there is.
///
/// @param ids   null for no constraint; lists may be empty, and may hold doubles
/// @param kinds may hold numbers that are no kind
/// @param tags  by name of one letter
/// @param limit how many stored events are wanted
public record ScenarioFilter(
        @Nullable List<String> ids,
        @Nullable List<String> authors,
        @Nullable List<Integer> kinds,
        Map<String, List<String>> tags,
        OptionalLong since,
        OptionalLong until,
        OptionalLong limit) {

    public boolean matches(ScenarioEvent event) {
        return allows(ids, event.id())
                && allows(authors, event.pubkey())
                && allows(kinds, event.kind())
                && tags.entrySet().stream().allMatch(tag -> hasTag(event, tag.getKey(), tag.getValue()))
                && event.createdAt() >= since.orElse(Long.MIN_VALUE)
                && event.createdAt() <= until.orElse(Long.MAX_VALUE);
    }

    public String json() {
        JsonText json = new JsonText();
        List<Runnable> members = new ArrayList<>();
        member(members, json, "ids", ids);
        member(members, json, "authors", authors);
        if (kinds != null) {
            members.add(() -> json.raw("\"kinds\":" + kinds));
        }
        tags.forEach((name, values) -> member(members, json, "#" + name, values));
        since.ifPresent(second -> members.add(() -> json.raw("\"since\":" + second)));
        until.ifPresent(second -> members.add(() -> json.raw("\"until\":" + second)));
        limit.ifPresent(count -> members.add(() -> json.raw("\"limit\":" + count)));
        json.raw("{");
        for (int i = 0; i < members.size(); i++) {
            json.raw(i == 0 ? "" : ",");
            members.get(i).run();
        }
        return json.raw("}").toString();
    }

    private static void member(List<Runnable> members, JsonText json, String name, @Nullable List<String> values) {
        if (values != null) {
            members.add(() -> json.string(name).raw(":").array(values, json::string));
        }
    }

    private static boolean hasTag(ScenarioEvent event, String name, List<String> values) {
        return event.tags().stream()
                .anyMatch(tag -> tag.size() > 1 && tag.getFirst().equals(name) && values.contains(tag.get(1)));
    }

    private static boolean allows(@Nullable Collection<?> values, Object value) {
        return values == null || values.contains(value);
    }
}
